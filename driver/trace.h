/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints. Each reports an entry of the transition log, or a drop, when it
 * happens, in words. Strings have a fixed size, because the helpers for dynamic
 * strings differ between kernels.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ercircuit

#if !defined(_ERC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _ERC_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

/* Room for the longest word or name of a counter */
#define ERC_TRACE_WORD 24

DECLARE_EVENT_CLASS(ercircuit_leg,
	TP_PROTO(const struct net_device *dev, const char *leg,
		 const char *from, const char *to, const char *reason),
	TP_ARGS(dev, leg, from, to, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, dev, IFNAMSIZ)
		__array(char, leg, ERC_TRACE_WORD)
		__array(char, from, ERC_TRACE_WORD)
		__array(char, to, ERC_TRACE_WORD)
		__array(char, reason, ERC_TRACE_WORD)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		strscpy(__entry->dev, dev->name, IFNAMSIZ);
		strscpy(__entry->leg, leg, ERC_TRACE_WORD);
		strscpy(__entry->from, from, ERC_TRACE_WORD);
		strscpy(__entry->to, to, ERC_TRACE_WORD);
		strscpy(__entry->reason, reason, ERC_TRACE_WORD);
	),
	TP_printk("dev=%s leg=%s from=%s to=%s reason=%s", __entry->dev,
		  __entry->leg, __entry->from, __entry->to, __entry->reason)
);

DEFINE_EVENT(ercircuit_leg, ercircuit_leg_state,
	TP_PROTO(const struct net_device *dev, const char *leg,
		 const char *from, const char *to, const char *reason),
	TP_ARGS(dev, leg, from, to, reason)
);

DEFINE_EVENT(ercircuit_leg, ercircuit_bfd,
	TP_PROTO(const struct net_device *dev, const char *leg,
		 const char *from, const char *to, const char *reason),
	TP_ARGS(dev, leg, from, to, reason)
);

DECLARE_EVENT_CLASS(ercircuit_circuit,
	TP_PROTO(const struct net_device *dev, const char *from,
		 const char *to, const char *reason),
	TP_ARGS(dev, from, to, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, dev, IFNAMSIZ)
		__array(char, from, ERC_TRACE_WORD)
		__array(char, to, ERC_TRACE_WORD)
		__array(char, reason, ERC_TRACE_WORD)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		strscpy(__entry->dev, dev->name, IFNAMSIZ);
		strscpy(__entry->from, from, ERC_TRACE_WORD);
		strscpy(__entry->to, to, ERC_TRACE_WORD);
		strscpy(__entry->reason, reason, ERC_TRACE_WORD);
	),
	TP_printk("dev=%s from=%s to=%s reason=%s", __entry->dev,
		  __entry->from, __entry->to, __entry->reason)
);

DEFINE_EVENT(ercircuit_circuit, ercircuit_switch,
	TP_PROTO(const struct net_device *dev, const char *from,
		 const char *to, const char *reason),
	TP_ARGS(dev, from, to, reason)
);

DEFINE_EVENT(ercircuit_circuit, ercircuit_request,
	TP_PROTO(const struct net_device *dev, const char *from,
		 const char *to, const char *reason),
	TP_ARGS(dev, from, to, reason)
);

TRACE_EVENT(ercircuit_drop,
	TP_PROTO(const struct net_device *dev, const char *leg,
		 const char *counter),
	TP_ARGS(dev, leg, counter),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, dev, IFNAMSIZ)
		__array(char, leg, ERC_TRACE_WORD)
		__array(char, counter, ERC_TRACE_WORD)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		strscpy(__entry->dev, dev->name, IFNAMSIZ);
		strscpy(__entry->leg, leg, ERC_TRACE_WORD);
		strscpy(__entry->counter, counter, ERC_TRACE_WORD);
	),
	TP_printk("dev=%s leg=%s counter=%s", __entry->dev, __entry->leg,
		  __entry->counter)
);

#endif /* _ERC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
