/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * ercircuit: a dedicated circuit as one network interface over two legs
 *
 * Configuration and state travel in RTM_NEWLINK:
 *
 *   IFLA_LINKINFO
 *     IFLA_INFO_KIND        "ercircuit"
 *     IFLA_INFO_DATA        IFLA_ERCIRCUIT_*
 *       IFLA_ERCIRCUIT_PRIMARY, IFLA_ERCIRCUIT_SECONDARY
 *                           IFLA_ERCIRCUIT_LEG_*
 *     IFLA_INFO_SLAVE_KIND  "ercircuit", on the lower device of a leg
 *     IFLA_INFO_SLAVE_DATA  IFLA_ERCIRCUIT_LEG_*
 *
 * Counters and the transition log travel in RTM_NEWSTATS, so that a state
 * notification stays small:
 *
 *   IFLA_STATS_LINK_XSTATS
 *     ERCIRCUIT_XSTATS      ERCIRCUIT_XSTATS_*
 *
 * New values are only ever appended. Each enumeration is followed by its names,
 * ERCIRCUIT_*_NAMES, which sysfs and the tools share.
 */
#ifndef _UAPI_LINUX_IF_ERCIRCUIT_H
#define _UAPI_LINUX_IF_ERCIRCUIT_H

#include <linux/types.h>

/* Ranges and defaults; times are in milliseconds, those of BFD in
 * microseconds.
 */
#define ERCIRCUIT_WTR_MAX_MS		720000	/* G.8031 vendors: 0-12 min */
#define ERCIRCUIT_WTR_DEFAULT_MS	300000	/* G.8031 clause 11.13: 5 min */
#define ERCIRCUIT_HOLD_OFF_MAX_MS	10000	/* G.8031 clause 11.12: 0-10 s */
#define ERCIRCUIT_HOLD_OFF_DEFAULT_MS	0
#define ERCIRCUIT_BFD_MIN_US		1000
#define ERCIRCUIT_BFD_MAX_US		60000000
#define ERCIRCUIT_BFD_DEFAULT_US	300000	/* as in ExpressRoute */
#define ERCIRCUIT_BFD_DEFAULT_MULT	3
#define ERCIRCUIT_BANDWIDTH_MIN		1000ULL	/* bit/s */
#define ERCIRCUIT_BANDWIDTH_MAX		1000000000000ULL
#define ERCIRCUIT_BURST_MAX_US		10000000
#define ERCIRCUIT_BURST_DEFAULT_US	10000
#define ERCIRCUIT_SLA_MAX_PPM		1000000
#define ERCIRCUIT_SLA_DEFAULT_PPM	999500	/* 99.95 %, as in ExpressRoute */
#define ERCIRCUIT_KEY_BYTES		16
#define ERCIRCUIT_REACH_MAX		16	/* pairs of a circuit */

/**
 * enum ercircuit_slot - which leg of the circuit
 * @ERCIRCUIT_PRIMARY: the "working" transport entity of G.8031
 * @ERCIRCUIT_SECONDARY: the "protection" transport entity of G.8031
 * @ERCIRCUIT_SLOTS: number of slots
 */
enum ercircuit_slot {
	ERCIRCUIT_PRIMARY,
	ERCIRCUIT_SECONDARY,
	ERCIRCUIT_SLOTS,
};

#define ERCIRCUIT_SLOT_NAMES {					\
	[ERCIRCUIT_PRIMARY] = "primary",			\
	[ERCIRCUIT_SECONDARY] = "secondary",			\
}

/**
 * enum ercircuit_mode - how the legs share the traffic
 * @ERCIRCUIT_MODE_ACTIVE_BACKUP: one leg carries, the other waits (default)
 * @ERCIRCUIT_MODE_ACTIVE_ACTIVE: both carry, spread by a hash of the flow
 * @ERCIRCUIT_MODES: number of modes
 */
enum ercircuit_mode {
	ERCIRCUIT_MODE_ACTIVE_BACKUP,
	ERCIRCUIT_MODE_ACTIVE_ACTIVE,
	ERCIRCUIT_MODES,
};

#define ERCIRCUIT_MODE_NAMES {					\
	[ERCIRCUIT_MODE_ACTIVE_BACKUP] = "active-backup",	\
	[ERCIRCUIT_MODE_ACTIVE_ACTIVE] = "active-active",	\
}

/**
 * enum ercircuit_hash - fields that identify a flow in active-active
 * @ERCIRCUIT_HASH_L3: source and destination address, as in ExpressRoute
 * @ERCIRCUIT_HASH_L3L4: addresses, protocol and ports
 * @ERCIRCUIT_HASHES: number of hashes
 */
enum ercircuit_hash {
	ERCIRCUIT_HASH_L3,
	ERCIRCUIT_HASH_L3L4,
	ERCIRCUIT_HASHES,
};

#define ERCIRCUIT_HASH_NAMES {					\
	[ERCIRCUIT_HASH_L3] = "l3",				\
	[ERCIRCUIT_HASH_L3L4] = "l3l4",				\
}

/**
 * enum ercircuit_active - legs that carry new traffic
 * @ERCIRCUIT_ACTIVE_NONE: no leg
 * @ERCIRCUIT_ACTIVE_PRIMARY: the primary leg
 * @ERCIRCUIT_ACTIVE_SECONDARY: the secondary leg
 * @ERCIRCUIT_ACTIVE_BOTH: both (only in active-active)
 * @ERCIRCUIT_ACTIVES: number of values
 *
 * The value is the set of carrying slots: bit n is slot n.
 */
enum ercircuit_active {
	ERCIRCUIT_ACTIVE_NONE,
	ERCIRCUIT_ACTIVE_PRIMARY,
	ERCIRCUIT_ACTIVE_SECONDARY,
	ERCIRCUIT_ACTIVE_BOTH,
	ERCIRCUIT_ACTIVES,
};

#define ERCIRCUIT_ACTIVE_NAMES {				\
	[ERCIRCUIT_ACTIVE_NONE] = "none",			\
	[ERCIRCUIT_ACTIVE_PRIMARY] = "primary",			\
	[ERCIRCUIT_ACTIVE_SECONDARY] = "secondary",		\
	[ERCIRCUIT_ACTIVE_BOTH] = "both",			\
}

/**
 * enum ercircuit_request - the request in force
 * @ERCIRCUIT_REQUEST_NR: no request
 * @ERCIRCUIT_REQUEST_DNR: do not revert
 * @ERCIRCUIT_REQUEST_WTR: wait to restore
 * @ERCIRCUIT_REQUEST_SF: signal fail on the primary leg
 * @ERCIRCUIT_REQUEST_SF_P: signal fail on the secondary leg
 * @ERCIRCUIT_REQUEST_LO: lockout of the secondary leg, a command
 * @ERCIRCUIT_REQUEST_FS: forced switch to the secondary leg, a command
 * @ERCIRCUIT_REQUEST_SD: signal degrade on either leg
 * @ERCIRCUIT_REQUEST_MS: manual switch to either leg, a command
 * @ERCIRCUIT_REQUEST_EXER: exercise, a command
 * @ERCIRCUIT_REQUESTS: number of values
 *
 * G.8031 table 11-1. The numbers are not in order of priority. From high to low
 * it is: LO, SF-P, FS, SF, SD, MS, WTR, EXER, DNR, NR.
 */
enum ercircuit_request {
	ERCIRCUIT_REQUEST_NR,
	ERCIRCUIT_REQUEST_DNR,
	ERCIRCUIT_REQUEST_WTR,
	ERCIRCUIT_REQUEST_SF,
	ERCIRCUIT_REQUEST_SF_P,
	ERCIRCUIT_REQUEST_LO,
	ERCIRCUIT_REQUEST_FS,
	ERCIRCUIT_REQUEST_SD,
	ERCIRCUIT_REQUEST_MS,
	ERCIRCUIT_REQUEST_EXER,
	ERCIRCUIT_REQUESTS,
};

#define ERCIRCUIT_REQUEST_NAMES {				\
	[ERCIRCUIT_REQUEST_NR] = "NR",				\
	[ERCIRCUIT_REQUEST_DNR] = "DNR",			\
	[ERCIRCUIT_REQUEST_WTR] = "WTR",			\
	[ERCIRCUIT_REQUEST_SF] = "SF",				\
	[ERCIRCUIT_REQUEST_SF_P] = "SF-P",			\
	[ERCIRCUIT_REQUEST_LO] = "LO",				\
	[ERCIRCUIT_REQUEST_FS] = "FS",				\
	[ERCIRCUIT_REQUEST_SD] = "SD",				\
	[ERCIRCUIT_REQUEST_MS] = "MS",				\
	[ERCIRCUIT_REQUEST_EXER] = "EXER",			\
}

/**
 * enum ercircuit_switch - commands of G.8031 clause 9
 * @ERCIRCUIT_SWITCH_LOCKOUT: the secondary leg must not be used (LO)
 * @ERCIRCUIT_SWITCH_FORCED: to the secondary leg, even if the primary one works
 *	or the secondary one is degraded (FS)
 * @ERCIRCUIT_SWITCH_MANUAL_PRIMARY: to the primary leg, unless a leg fails or
 *	is degraded (MS)
 * @ERCIRCUIT_SWITCH_MANUAL_SECONDARY: the same to the secondary leg (MS)
 * @ERCIRCUIT_SWITCH_EXERCISE: exercise the command path without switching (EXER)
 * @ERCIRCUIT_SWITCH_CLEAR: end the command in force, and WTR and DNR
 * @ERCIRCUIT_SWITCHES: number of commands
 */
enum ercircuit_switch {
	ERCIRCUIT_SWITCH_LOCKOUT,
	ERCIRCUIT_SWITCH_FORCED,
	ERCIRCUIT_SWITCH_MANUAL_PRIMARY,
	ERCIRCUIT_SWITCH_MANUAL_SECONDARY,
	ERCIRCUIT_SWITCH_EXERCISE,
	ERCIRCUIT_SWITCH_CLEAR,
	ERCIRCUIT_SWITCHES,
};

#define ERCIRCUIT_SWITCH_NAMES {				\
	[ERCIRCUIT_SWITCH_LOCKOUT] = "lockout",			\
	[ERCIRCUIT_SWITCH_FORCED] = "forced",			\
	[ERCIRCUIT_SWITCH_MANUAL_PRIMARY] = "manual-primary",	\
	[ERCIRCUIT_SWITCH_MANUAL_SECONDARY] = "manual-secondary", \
	[ERCIRCUIT_SWITCH_EXERCISE] = "exercise",		\
	[ERCIRCUIT_SWITCH_CLEAR] = "clear",			\
}

/**
 * enum ercircuit_state - state of a leg
 * @ERCIRCUIT_STATE_EMPTY: no device in the slot
 * @ERCIRCUIT_STATE_DOWN: signal fail: not used
 * @ERCIRCUIT_STATE_UP: usable
 * @ERCIRCUIT_STATE_DEGRADED: signal degrade: not used while the other leg works
 * @ERCIRCUIT_STATES: number of values
 */
enum ercircuit_state {
	ERCIRCUIT_STATE_EMPTY,
	ERCIRCUIT_STATE_DOWN,
	ERCIRCUIT_STATE_UP,
	ERCIRCUIT_STATE_DEGRADED,
	ERCIRCUIT_STATES,
};

#define ERCIRCUIT_STATE_NAMES {					\
	[ERCIRCUIT_STATE_EMPTY] = "empty",			\
	[ERCIRCUIT_STATE_DOWN] = "down",			\
	[ERCIRCUIT_STATE_UP] = "up",				\
	[ERCIRCUIT_STATE_DEGRADED] = "degraded",		\
}

/**
 * enum ercircuit_reason - why a leg is in its state, or the circuit switched
 * @ERCIRCUIT_REASON_NONE: nothing is wrong
 * @ERCIRCUIT_REASON_LINK: the leg's device is missing or has no carrier
 * @ERCIRCUIT_REASON_ADMIN: the leg's device is administratively down
 * @ERCIRCUIT_REASON_NEIGH: the next hop does not answer ARP or ND
 * @ERCIRCUIT_REASON_REVERT: back on the primary after wait to restore
 * @ERCIRCUIT_REASON_CONFIG: the user changed the configuration
 * @ERCIRCUIT_REASON_RESTORED: a leg works again while no leg was active
 * @ERCIRCUIT_REASON_DRAIN: the user has drained the leg
 * @ERCIRCUIT_REASON_FAULT: the user has injected a fault
 * @ERCIRCUIT_REASON_COMMAND: &enum ercircuit_switch
 * @ERCIRCUIT_REASON_BFD: the BFD session with the next hop is not Up
 * @ERCIRCUIT_REASON_PEER_ADMIN_DOWN: the next hop says by BFD that it is in
 *	maintenance
 * @ERCIRCUIT_REASON_ADDRESS: the leg's device has no address on the subnet of its
 *	next hop
 * @ERCIRCUIT_REASON_MTU: the MTU of the leg's device is smaller than the circuit's,
 *	which stays at 1280 while the circuit has an IPv6 address
 * @ERCIRCUIT_REASONS: number of values
 */
enum ercircuit_reason {
	ERCIRCUIT_REASON_NONE,
	ERCIRCUIT_REASON_LINK,
	ERCIRCUIT_REASON_ADMIN,
	ERCIRCUIT_REASON_NEIGH,
	ERCIRCUIT_REASON_REVERT,
	ERCIRCUIT_REASON_CONFIG,
	ERCIRCUIT_REASON_RESTORED,
	ERCIRCUIT_REASON_DRAIN,
	ERCIRCUIT_REASON_FAULT,
	ERCIRCUIT_REASON_COMMAND,
	ERCIRCUIT_REASON_BFD,
	ERCIRCUIT_REASON_PEER_ADMIN_DOWN,
	ERCIRCUIT_REASON_ADDRESS,
	ERCIRCUIT_REASON_MTU,
	ERCIRCUIT_REASONS,
};

#define ERCIRCUIT_REASON_NAMES {				\
	[ERCIRCUIT_REASON_NONE] = "none",			\
	[ERCIRCUIT_REASON_LINK] = "link",			\
	[ERCIRCUIT_REASON_ADMIN] = "admin",			\
	[ERCIRCUIT_REASON_NEIGH] = "neigh",			\
	[ERCIRCUIT_REASON_REVERT] = "revert",			\
	[ERCIRCUIT_REASON_CONFIG] = "config",			\
	[ERCIRCUIT_REASON_RESTORED] = "restored",		\
	[ERCIRCUIT_REASON_DRAIN] = "drain",			\
	[ERCIRCUIT_REASON_FAULT] = "fault",			\
	[ERCIRCUIT_REASON_COMMAND] = "command",			\
	[ERCIRCUIT_REASON_BFD] = "bfd",				\
	[ERCIRCUIT_REASON_PEER_ADMIN_DOWN] = "peer-admin-down",	\
	[ERCIRCUIT_REASON_ADDRESS] = "address",			\
	[ERCIRCUIT_REASON_MTU] = "mtu",				\
}

/**
 * enum ercircuit_fault - a fault for rehearsal
 * @ERCIRCUIT_FAULT_NONE: none
 * @ERCIRCUIT_FAULT_BLACKHOLE: all packets are dropped in both directions, with
 *	the carrier on
 * @ERCIRCUIT_FAULT_TX: the same in the direction of transmission only
 * @ERCIRCUIT_FAULT_RX: the same in the direction of reception only
 * @ERCIRCUIT_FAULT_DOWN: signal fail at once
 * @ERCIRCUIT_FAULTS: number of faults
 */
enum ercircuit_fault {
	ERCIRCUIT_FAULT_NONE,
	ERCIRCUIT_FAULT_BLACKHOLE,
	ERCIRCUIT_FAULT_TX,
	ERCIRCUIT_FAULT_RX,
	ERCIRCUIT_FAULT_DOWN,
	ERCIRCUIT_FAULTS,
};

#define ERCIRCUIT_FAULT_NAMES {					\
	[ERCIRCUIT_FAULT_NONE] = "none",			\
	[ERCIRCUIT_FAULT_BLACKHOLE] = "blackhole",		\
	[ERCIRCUIT_FAULT_TX] = "tx",				\
	[ERCIRCUIT_FAULT_RX] = "rx",				\
	[ERCIRCUIT_FAULT_DOWN] = "down",			\
}

/**
 * enum ercircuit_bfd_state - state of a BFD session (RFC 5880 section 4.1)
 * @ERCIRCUIT_BFD_ADMIN_DOWN: in maintenance
 * @ERCIRCUIT_BFD_DOWN: we do not hear the other end
 * @ERCIRCUIT_BFD_INIT: we hear the other end, which does not hear us yet
 * @ERCIRCUIT_BFD_UP: both ends hear each other
 * @ERCIRCUIT_BFD_STATES: number of states
 */
enum ercircuit_bfd_state {
	ERCIRCUIT_BFD_ADMIN_DOWN,
	ERCIRCUIT_BFD_DOWN,
	ERCIRCUIT_BFD_INIT,
	ERCIRCUIT_BFD_UP,
	ERCIRCUIT_BFD_STATES,
};

#define ERCIRCUIT_BFD_STATE_NAMES {				\
	[ERCIRCUIT_BFD_ADMIN_DOWN] = "admin-down",		\
	[ERCIRCUIT_BFD_DOWN] = "down",				\
	[ERCIRCUIT_BFD_INIT] = "init",				\
	[ERCIRCUIT_BFD_UP] = "up",				\
}

/**
 * enum ercircuit_bfd_diag - reason of the last change of state of a session
 *	(RFC 5880 section 4.1)
 * @ERCIRCUIT_BFD_DIAG_NONE: no diagnostic
 * @ERCIRCUIT_BFD_DIAG_EXPIRED: nothing was heard for the detection time
 * @ERCIRCUIT_BFD_DIAG_ECHO: the echo function failed
 * @ERCIRCUIT_BFD_DIAG_NEIGHBOUR: the other end said that it is down
 * @ERCIRCUIT_BFD_DIAG_FORWARDING: the forwarding plane was reset
 * @ERCIRCUIT_BFD_DIAG_PATH: the path is down
 * @ERCIRCUIT_BFD_DIAG_CONCATENATED: a path behind this one is down
 * @ERCIRCUIT_BFD_DIAG_ADMIN: maintenance
 * @ERCIRCUIT_BFD_DIAG_REVERSE: the same as CONCATENATED, the other way
 * @ERCIRCUIT_BFD_DIAGS: number of diagnostics; a peer may know more of them
 */
enum ercircuit_bfd_diag {
	ERCIRCUIT_BFD_DIAG_NONE,
	ERCIRCUIT_BFD_DIAG_EXPIRED,
	ERCIRCUIT_BFD_DIAG_ECHO,
	ERCIRCUIT_BFD_DIAG_NEIGHBOUR,
	ERCIRCUIT_BFD_DIAG_FORWARDING,
	ERCIRCUIT_BFD_DIAG_PATH,
	ERCIRCUIT_BFD_DIAG_CONCATENATED,
	ERCIRCUIT_BFD_DIAG_ADMIN,
	ERCIRCUIT_BFD_DIAG_REVERSE,
	ERCIRCUIT_BFD_DIAGS,
};

#define ERCIRCUIT_BFD_DIAG_NAMES {				\
	[ERCIRCUIT_BFD_DIAG_NONE] = "none",			\
	[ERCIRCUIT_BFD_DIAG_EXPIRED] = "expired",		\
	[ERCIRCUIT_BFD_DIAG_ECHO] = "echo-failed",		\
	[ERCIRCUIT_BFD_DIAG_NEIGHBOUR] = "neighbour-down",	\
	[ERCIRCUIT_BFD_DIAG_FORWARDING] = "forwarding-reset",	\
	[ERCIRCUIT_BFD_DIAG_PATH] = "path-down",		\
	[ERCIRCUIT_BFD_DIAG_CONCATENATED] = "concatenated-down", \
	[ERCIRCUIT_BFD_DIAG_ADMIN] = "admin-down",		\
	[ERCIRCUIT_BFD_DIAG_REVERSE] = "reverse-down",		\
}

/**
 * enum ercircuit_provider_state - the provider's progress with a contract
 * @ERCIRCUIT_PROVIDER_NOT_PROVISIONED: the provider has not begun (default)
 * @ERCIRCUIT_PROVIDER_PROVISIONING: the provider is setting the circuit up
 * @ERCIRCUIT_PROVIDER_PROVISIONED: the circuit may carry traffic
 * @ERCIRCUIT_PROVIDER_DEPROVISIONING: the provider is taking the circuit down
 * @ERCIRCUIT_PROVIDER_STATES: number of states
 *
 * serviceProviderProvisioningState of ExpressRoute.
 */
enum ercircuit_provider_state {
	ERCIRCUIT_PROVIDER_NOT_PROVISIONED,
	ERCIRCUIT_PROVIDER_PROVISIONING,
	ERCIRCUIT_PROVIDER_PROVISIONED,
	ERCIRCUIT_PROVIDER_DEPROVISIONING,
	ERCIRCUIT_PROVIDER_STATES,
};

#define ERCIRCUIT_PROVIDER_STATE_NAMES {			\
	[ERCIRCUIT_PROVIDER_NOT_PROVISIONED] = "not-provisioned", \
	[ERCIRCUIT_PROVIDER_PROVISIONING] = "provisioning",	\
	[ERCIRCUIT_PROVIDER_PROVISIONED] = "provisioned",	\
	[ERCIRCUIT_PROVIDER_DEPROVISIONING] = "deprovisioning",	\
}

/**
 * enum ercircuit_circuit_state - permission by the seller of a contract
 * @ERCIRCUIT_CIRCUIT_ENABLED: the circuit may carry traffic (default)
 * @ERCIRCUIT_CIRCUIT_DISABLED: the circuit must not carry traffic
 * @ERCIRCUIT_CIRCUIT_STATES: number of states
 *
 * circuitProvisioningState of ExpressRoute.
 */
enum ercircuit_circuit_state {
	ERCIRCUIT_CIRCUIT_ENABLED,
	ERCIRCUIT_CIRCUIT_DISABLED,
	ERCIRCUIT_CIRCUIT_STATES,
};

#define ERCIRCUIT_CIRCUIT_STATE_NAMES {				\
	[ERCIRCUIT_CIRCUIT_ENABLED] = "enabled",		\
	[ERCIRCUIT_CIRCUIT_DISABLED] = "disabled",		\
}

/**
 * enum ercircuit_peering - the routing domain that a circuit is in
 * @ERCIRCUIT_PEERING_NONE: no rules (default)
 * @ERCIRCUIT_PEERING_PRIVATE: all unicast; DSCP is 0
 * @ERCIRCUIT_PEERING_MICROSOFT: public addresses only; a DSCP that ExpressRoute
 *	does not know becomes 0
 * @ERCIRCUIT_PEERINGS: number of peerings
 */
enum ercircuit_peering {
	ERCIRCUIT_PEERING_NONE,
	ERCIRCUIT_PEERING_PRIVATE,
	ERCIRCUIT_PEERING_MICROSOFT,
	ERCIRCUIT_PEERINGS,
};

#define ERCIRCUIT_PEERING_NAMES {				\
	[ERCIRCUIT_PEERING_NONE] = "none",			\
	[ERCIRCUIT_PEERING_PRIVATE] = "private",		\
	[ERCIRCUIT_PEERING_MICROSOFT] = "microsoft",		\
}

/**
 * enum ercircuit_model - how a circuit is connected to ExpressRoute
 * @ERCIRCUIT_MODEL_NONE: no model: nothing is checked (default)
 * @ERCIRCUIT_MODEL_P2P: point-to-point Ethernet
 * @ERCIRCUIT_MODEL_EXCHANGE: a co-location's cloud exchange
 * @ERCIRCUIT_MODEL_IPVPN: any-to-any (IPVPN): the provider routes
 * @ERCIRCUIT_MODEL_DIRECT: a pair of ports at Microsoft's edge
 * @ERCIRCUIT_MODELS: number of models
 */
enum ercircuit_model {
	ERCIRCUIT_MODEL_NONE,
	ERCIRCUIT_MODEL_P2P,
	ERCIRCUIT_MODEL_EXCHANGE,
	ERCIRCUIT_MODEL_IPVPN,
	ERCIRCUIT_MODEL_DIRECT,
	ERCIRCUIT_MODELS,
};

#define ERCIRCUIT_MODEL_NAMES {					\
	[ERCIRCUIT_MODEL_NONE] = "none",			\
	[ERCIRCUIT_MODEL_P2P] = "p2p",				\
	[ERCIRCUIT_MODEL_EXCHANGE] = "exchange",		\
	[ERCIRCUIT_MODEL_IPVPN] = "ipvpn",			\
	[ERCIRCUIT_MODEL_DIRECT] = "direct",			\
}

/**
 * enum ercircuit_fail - carrier of a circuit that has no usable leg
 * @ERCIRCUIT_FAIL_CLOSED: the carrier and the routes stay; packets are dropped
 *	and counted (default)
 * @ERCIRCUIT_FAIL_OPEN: the carrier goes off, so that routing may take another
 *	path
 * @ERCIRCUIT_FAILS: number of values
 */
enum ercircuit_fail {
	ERCIRCUIT_FAIL_CLOSED,
	ERCIRCUIT_FAIL_OPEN,
	ERCIRCUIT_FAILS,
};

#define ERCIRCUIT_FAIL_NAMES {					\
	[ERCIRCUIT_FAIL_CLOSED] = "closed",			\
	[ERCIRCUIT_FAIL_OPEN] = "open",				\
}

/**
 * enum ercircuit_attr - attributes of a circuit, in IFLA_INFO_DATA
 * @IFLA_ERCIRCUIT_UNSPEC: unused
 * @IFLA_ERCIRCUIT_PAD: padding of 64 bit attributes
 * @IFLA_ERCIRCUIT_PRIMARY: nest of &enum ercircuit_leg_attr
 * @IFLA_ERCIRCUIT_SECONDARY: nest of &enum ercircuit_leg_attr
 * @IFLA_ERCIRCUIT_MODE: u8, &enum ercircuit_mode
 * @IFLA_ERCIRCUIT_HASH: u8, &enum ercircuit_hash
 * @IFLA_ERCIRCUIT_REVERTIVE: u8, 0 or 1 (default 1)
 * @IFLA_ERCIRCUIT_WTR: u32, ms, 0 to %ERCIRCUIT_WTR_MAX_MS
 * @IFLA_ERCIRCUIT_HOLD_OFF: u32, ms, 0 to %ERCIRCUIT_HOLD_OFF_MAX_MS
 * @IFLA_ERCIRCUIT_ACTIVE: u8, &enum ercircuit_active, read-only
 * @IFLA_ERCIRCUIT_REQUEST: u8, &enum ercircuit_request, read-only
 * @IFLA_ERCIRCUIT_LAST_SWITCH_REASON: u8, &enum ercircuit_reason, read-only
 * @IFLA_ERCIRCUIT_LAST_SWITCH_NS: u64, CLOCK_BOOTTIME ns, 0 = never, read-only
 * @IFLA_ERCIRCUIT_SWITCH: u8, &enum ercircuit_switch, a command, not a setting:
 *	write-only; executed after the rest of the request
 * @IFLA_ERCIRCUIT_BANDWIDTH: u64, bit/s of L3 on each leg and in each direction,
 *	%ERCIRCUIT_BANDWIDTH_MIN to %ERCIRCUIT_BANDWIDTH_MAX, 0 = no limit
 *	(default). BANDWIDTH to CIRCUIT_STATE belong to the contract, which
 *	circuits with the same KEY share
 * @IFLA_ERCIRCUIT_BURST: u32, us, time by which traffic may be ahead of
 *	BANDWIDTH, at most %ERCIRCUIT_BURST_MAX_US
 * @IFLA_ERCIRCUIT_POLICE: u8, 0 or 1 (default 1): packets over BANDWIDTH are
 *	dropped, not only counted
 * @IFLA_ERCIRCUIT_SLA: u32, ppm, promised availability, at most
 *	%ERCIRCUIT_SLA_MAX_PPM
 * @IFLA_ERCIRCUIT_KEY: %ERCIRCUIT_KEY_BYTES, the service key, a UUID in its
 *	usual byte order; all 0 = none (default)
 * @IFLA_ERCIRCUIT_PROVIDER_STATE: u8, &enum ercircuit_provider_state, only with
 *	a KEY
 * @IFLA_ERCIRCUIT_CIRCUIT_STATE: u8, &enum ercircuit_circuit_state, only with a
 *	KEY
 * @IFLA_ERCIRCUIT_PEERING: u8, &enum ercircuit_peering, of this circuit alone
 * @IFLA_ERCIRCUIT_MODEL: u8, &enum ercircuit_model, belongs to the contract; a
 *	request without POLICE sets it to the default of the model: 0 for
 *	direct, 1 for all others
 * @IFLA_ERCIRCUIT_FAIL: u8, &enum ercircuit_fail, of this circuit alone
 * @IFLA_ERCIRCUIT_REACH: nest of %IFLA_ERCIRCUIT_REACH_PEER: circuits of the same
 *	network namespace to and from which this one forwards; at most
 *	%ERCIRCUIT_REACH_MAX, of this circuit alone
 * @IFLA_ERCIRCUIT_NOREACH: nest of %IFLA_ERCIRCUIT_REACH_PEER: pairs to remove,
 *	before REACH adds pairs; write-only
 * @IFLA_ERCIRCUIT_LATE: u8, 0 or 1 (default 0): a slot waits for a device that is
 *	missing, and a leg may get its addresses later
 * @IFLA_ERCIRCUIT_LAST_SWITCH_TIME: u64, CLOCK_REALTIME ns of the last switch, as the
 *	clock was then, 0 = never, read-only
 */
enum ercircuit_attr {
	IFLA_ERCIRCUIT_UNSPEC,
	IFLA_ERCIRCUIT_PAD,
	IFLA_ERCIRCUIT_PRIMARY,
	IFLA_ERCIRCUIT_SECONDARY,
	IFLA_ERCIRCUIT_MODE,
	IFLA_ERCIRCUIT_HASH,
	IFLA_ERCIRCUIT_REVERTIVE,
	IFLA_ERCIRCUIT_WTR,
	IFLA_ERCIRCUIT_HOLD_OFF,
	IFLA_ERCIRCUIT_ACTIVE,
	IFLA_ERCIRCUIT_REQUEST,
	IFLA_ERCIRCUIT_LAST_SWITCH_REASON,
	IFLA_ERCIRCUIT_LAST_SWITCH_NS,
	IFLA_ERCIRCUIT_SWITCH,
	IFLA_ERCIRCUIT_BANDWIDTH,
	IFLA_ERCIRCUIT_BURST,
	IFLA_ERCIRCUIT_POLICE,
	IFLA_ERCIRCUIT_SLA,
	IFLA_ERCIRCUIT_KEY,
	IFLA_ERCIRCUIT_PROVIDER_STATE,
	IFLA_ERCIRCUIT_CIRCUIT_STATE,
	IFLA_ERCIRCUIT_PEERING,
	IFLA_ERCIRCUIT_MODEL,
	IFLA_ERCIRCUIT_FAIL,
	IFLA_ERCIRCUIT_REACH,
	IFLA_ERCIRCUIT_NOREACH,
	IFLA_ERCIRCUIT_LATE,
	IFLA_ERCIRCUIT_LAST_SWITCH_TIME,

	/* private: */
	__IFLA_ERCIRCUIT_MAX
};

#define IFLA_ERCIRCUIT_MAX (__IFLA_ERCIRCUIT_MAX - 1)

/**
 * enum ercircuit_reach_attr - content of IFLA_ERCIRCUIT_REACH and NOREACH
 * @IFLA_ERCIRCUIT_REACH_UNSPEC: unused
 * @IFLA_ERCIRCUIT_REACH_PEER: u32, ifindex of a circuit; any number of them
 */
enum ercircuit_reach_attr {
	IFLA_ERCIRCUIT_REACH_UNSPEC,
	IFLA_ERCIRCUIT_REACH_PEER,

	/* private: */
	__IFLA_ERCIRCUIT_REACH_MAX
};

#define IFLA_ERCIRCUIT_REACH_MAX (__IFLA_ERCIRCUIT_REACH_MAX - 1)

/**
 * enum ercircuit_leg_attr - attributes of a leg
 * @IFLA_ERCIRCUIT_LEG_UNSPEC: unused
 * @IFLA_ERCIRCUIT_LEG_PAD: padding of 64 bit attributes
 * @IFLA_ERCIRCUIT_LEG_IFINDEX: u32, device in the slot, 0 = none; can be set
 *	only inside IFLA_INFO_DATA; absent if the device and the circuit are in
 *	different network namespaces
 * @IFLA_ERCIRCUIT_LEG_VIA4: be32, IPv4 next hop; absent if IFINDEX is
 * @IFLA_ERCIRCUIT_LEG_VIA6: struct in6_addr, IPv6 next hop; absent if IFINDEX is
 * @IFLA_ERCIRCUIT_LEG_NOVIA: flag, remove both next hops before a VIA of the
 *	same request is set; write-only
 * @IFLA_ERCIRCUIT_LEG_NEIGH: u8, 0 or 1 (default 1): an unanswered next hop
 *	fails the leg
 * @IFLA_ERCIRCUIT_LEG_SLOT: u8, &enum ercircuit_slot, read-only
 * @IFLA_ERCIRCUIT_LEG_STATE: u8, &enum ercircuit_state, read-only
 * @IFLA_ERCIRCUIT_LEG_REASON: u8, &enum ercircuit_reason, read-only
 * @IFLA_ERCIRCUIT_LEG_DRAIN: u8, 0 or 1 (default 0): no new traffic while the
 *	other leg works
 * @IFLA_ERCIRCUIT_LEG_FAULT: u8, &enum ercircuit_fault
 * @IFLA_ERCIRCUIT_LEG_BFD: u8, 0 or 1 (default 0): the leg is usable only while
 *	a BFD session with its next hop is Up; with two next hops the session
 *	is with the IPv4 one
 * @IFLA_ERCIRCUIT_LEG_BFD_TX: u32, us, Desired Min TX Interval,
 *	%ERCIRCUIT_BFD_MIN_US to %ERCIRCUIT_BFD_MAX_US
 * @IFLA_ERCIRCUIT_LEG_BFD_RX: u32, us, Required Min RX Interval, the same
 * @IFLA_ERCIRCUIT_LEG_BFD_MULT: u8, detection time multiplier, 1 to 255
 * @IFLA_ERCIRCUIT_LEG_BFD_STATE: u8, &enum ercircuit_bfd_state, read-only; this
 *	attribute and all that follow exist only while there is a session
 * @IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE: u8, &enum ercircuit_bfd_state of the
 *	peer, read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_DIAG: u8, &enum ercircuit_bfd_diag, read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG: u8, diagnostic of the peer, which may
 *	know more than &enum ercircuit_bfd_diag, read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_DISCR: u32, our discriminator, read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR: u32, that of the peer, 0 = none known,
 *	read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_INTERVAL: u32, us, negotiated transmit interval before
 *	jitter, read-only
 * @IFLA_ERCIRCUIT_LEG_BFD_DETECTION: u64, us, negotiated detection time, 0 = the
 *	peer is not heard, read-only
 * @IFLA_ERCIRCUIT_LEG_NAME: string, name or alternative name of the device for the
 *	slot, an alternative to IFINDEX; if there is no such device, an error, or
 *	with LATE the name for which the slot waits. In a reply only while it waits,
 *	and in the network namespace where it does
 */
enum ercircuit_leg_attr {
	IFLA_ERCIRCUIT_LEG_UNSPEC,
	IFLA_ERCIRCUIT_LEG_PAD,
	IFLA_ERCIRCUIT_LEG_IFINDEX,
	IFLA_ERCIRCUIT_LEG_VIA4,
	IFLA_ERCIRCUIT_LEG_VIA6,
	IFLA_ERCIRCUIT_LEG_NOVIA,
	IFLA_ERCIRCUIT_LEG_NEIGH,
	IFLA_ERCIRCUIT_LEG_SLOT,
	IFLA_ERCIRCUIT_LEG_STATE,
	IFLA_ERCIRCUIT_LEG_REASON,
	IFLA_ERCIRCUIT_LEG_DRAIN,
	IFLA_ERCIRCUIT_LEG_FAULT,
	IFLA_ERCIRCUIT_LEG_BFD,
	IFLA_ERCIRCUIT_LEG_BFD_TX,
	IFLA_ERCIRCUIT_LEG_BFD_RX,
	IFLA_ERCIRCUIT_LEG_BFD_MULT,
	IFLA_ERCIRCUIT_LEG_BFD_STATE,
	IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE,
	IFLA_ERCIRCUIT_LEG_BFD_DIAG,
	IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG,
	IFLA_ERCIRCUIT_LEG_BFD_DISCR,
	IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR,
	IFLA_ERCIRCUIT_LEG_BFD_INTERVAL,
	IFLA_ERCIRCUIT_LEG_BFD_DETECTION,
	IFLA_ERCIRCUIT_LEG_NAME,

	/* private: */
	__IFLA_ERCIRCUIT_LEG_MAX
};

#define IFLA_ERCIRCUIT_LEG_MAX (__IFLA_ERCIRCUIT_LEG_MAX - 1)

/* Our type in IFLA_STATS_LINK_XSTATS, far above LINK_XSTATS_TYPE_*. */
#define ERCIRCUIT_XSTATS 64

/**
 * enum ercircuit_xstats - content of the ERCIRCUIT_XSTATS nest
 * @ERCIRCUIT_XSTATS_UNSPEC: unused
 * @ERCIRCUIT_XSTATS_PAD: padding of 64 bit attributes
 * @ERCIRCUIT_XSTATS_PRIMARY: nest of u64, type &enum ercircuit_leg_counter + 1
 * @ERCIRCUIT_XSTATS_SECONDARY: nest of u64, type &enum ercircuit_leg_counter + 1
 * @ERCIRCUIT_XSTATS_CIRCUIT: nest of u64, type &enum ercircuit_counter + 1
 * @ERCIRCUIT_XSTATS_LOG: array of &struct ercircuit_log_entry, oldest first
 * @ERCIRCUIT_XSTATS_DAYS: array of %ERCIRCUIT_DAYS &struct ercircuit_day, oldest
 *	first
 * @ERCIRCUIT_XSTATS_REACH: array of &struct ercircuit_reach, one for each pair
 * @ERCIRCUIT_XSTATS_LOG_TIMES: array of u64, CLOCK_REALTIME in ns of each entry of
 *	LOG when it was added
 */
enum ercircuit_xstats {
	ERCIRCUIT_XSTATS_UNSPEC,
	ERCIRCUIT_XSTATS_PAD,
	ERCIRCUIT_XSTATS_PRIMARY,
	ERCIRCUIT_XSTATS_SECONDARY,
	ERCIRCUIT_XSTATS_CIRCUIT,
	ERCIRCUIT_XSTATS_LOG,
	ERCIRCUIT_XSTATS_DAYS,
	ERCIRCUIT_XSTATS_REACH,
	ERCIRCUIT_XSTATS_LOG_TIMES,

	/* private: */
	__ERCIRCUIT_XSTATS_MAX
};

#define ERCIRCUIT_XSTATS_MAX (__ERCIRCUIT_XSTATS_MAX - 1)

/*
 * The list of counters. The sysfs files, ethtool strings, netlink attributes and
 * the tool's names are all generated from it.
 * Documentation/ABI/testing/sysfs-class-net-ercircuit describes each counter.
 */
#define ERCIRCUIT_LEG_COUNTERS(X)	\
	X(rx_packets)			\
	X(rx_bytes)			\
	X(tx_packets)			\
	X(tx_bytes)			\
	X(tx_no_neigh)			\
	X(tx_error)			\
	X(sf_events)			\
	X(up_ns)			\
	X(down_ns)			\
	X(sd_events)			\
	X(tx_fault)			\
	X(rx_fault)			\
	X(bfd_rx)			\
	X(bfd_tx)			\
	X(bfd_bad)			\
	X(bfd_up_events)		\
	X(bfd_down_events)		\
	X(bfd_missed)			\
	X(tx_policed_packets)		\
	X(tx_policed_bytes)		\
	X(rx_policed_packets)		\
	X(rx_policed_bytes)		\
	X(tx_over_packets)		\
	X(tx_over_bytes)		\
	X(rx_over_packets)		\
	X(rx_over_bytes)

#define ERCIRCUIT_COUNTERS(X)		\
	X(switches)			\
	X(switches_auto)		\
	X(tx_no_leg)			\
	X(tx_not_ip)			\
	X(tx_multicast)			\
	X(switches_command)		\
	X(tx_state)			\
	X(rx_state)			\
	X(up_ns)			\
	X(degraded_ns)			\
	X(down_ns)			\
	X(outages)			\
	X(longest_outage_ns)		\
	X(availability_ppm)		\
	X(budget_ns)			\
	X(tx_peering)			\
	X(rx_peering)			\
	X(tx_reach)			\
	X(tx_loop)			\
	X(tx_underlay)

#define ERCIRCUIT_LEG_COUNTER(name)	ERCIRCUIT_LEG_##name,
enum ercircuit_leg_counter {
	ERCIRCUIT_LEG_COUNTERS(ERCIRCUIT_LEG_COUNTER)
	ERCIRCUIT_LEG_COUNTER_MAX
};

#define ERCIRCUIT_COUNTER(name)		ERCIRCUIT_##name,
enum ercircuit_counter {
	ERCIRCUIT_COUNTERS(ERCIRCUIT_COUNTER)
	ERCIRCUIT_COUNTER_MAX
};

/* Number of entries of the transition log; older ones are overwritten. */
#define ERCIRCUIT_LOG_ENTRIES 64

/**
 * enum ercircuit_log_kind - kind of a log entry
 * @ERCIRCUIT_LOG_LEG: a leg changed its &enum ercircuit_state
 * @ERCIRCUIT_LOG_SWITCH: the circuit changed its &enum ercircuit_active
 * @ERCIRCUIT_LOG_REQUEST: the request in force changed
 * @ERCIRCUIT_LOG_KINDS: number of values
 */
enum ercircuit_log_kind {
	ERCIRCUIT_LOG_LEG,
	ERCIRCUIT_LOG_SWITCH,
	ERCIRCUIT_LOG_REQUEST,
	ERCIRCUIT_LOG_KINDS,
};

#define ERCIRCUIT_LOG_KIND_NAMES {				\
	[ERCIRCUIT_LOG_LEG] = "leg",				\
	[ERCIRCUIT_LOG_SWITCH] = "switch",			\
	[ERCIRCUIT_LOG_REQUEST] = "request",			\
}

/**
 * struct ercircuit_log_entry - one transition
 * @when_ns: CLOCK_BOOTTIME, ns
 * @kind: &enum ercircuit_log_kind, the type of @from and @to
 * @slot: &enum ercircuit_slot, of %ERCIRCUIT_LOG_LEG
 * @from: state, active set or request before
 * @to: state, active set or request after
 * @reason: &enum ercircuit_reason
 * @reserved: zero
 */
struct ercircuit_log_entry {
	__u64 when_ns;
	__u8 kind;
	__u8 slot;
	__u8 from;
	__u8 to;
	__u8 reason;
	__u8 reserved[3];
};

/* Availability is kept for this many days; older outages use no budget. */
#define ERCIRCUIT_DAYS 30

/**
 * struct ercircuit_day - 24 hours of availability
 * @up_ns: both legs would have carried a packet
 * @degraded_ns: only one leg would have carried a packet
 * @down_ns: a packet would have been lost, or the contract was closed
 *
 * Hours are hours of CLOCK_BOOTTIME. The last hour of the last day is the present
 * one. The rest of a day was not measured.
 */
struct ercircuit_day {
	__u64 up_ns;
	__u64 degraded_ns;
	__u64 down_ns;
};

/* Counters of a pair: packets that came by the other circuit */
#define ERCIRCUIT_REACH_COUNTERS(X)	\
	X(tx_packets)			\
	X(tx_bytes)			\
	X(tx_policed_packets)		\
	X(tx_policed_bytes)

/**
 * struct ercircuit_reach - a pair of circuits, as seen from one of them
 * @ifindex: of the other circuit
 * @reserved: zero
 * @tx_packets: packets that came by the other circuit and left by this one
 * @tx_bytes: bytes of tx_packets on the wire, with the headers of each segment
 * @tx_policed_packets: packets over the rate of the smaller contract, dropped;
 *	tx_reach includes them
 * @tx_policed_bytes: bytes of tx_policed_packets
 */
struct ercircuit_reach {
	__u32 ifindex;
	__u32 reserved;
	__u64 tx_packets;
	__u64 tx_bytes;
	__u64 tx_policed_packets;
	__u64 tx_policed_bytes;
};

#endif /* _UAPI_LINUX_IF_ERCIRCUIT_H */
