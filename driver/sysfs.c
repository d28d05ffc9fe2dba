// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/class/net/er0/ercircuit: read-only files, one value per file. The folders
 * are plain kobjects below the device, like brif of a bridge, because attribute
 * groups nest one level only.
 */
#include <linux/kobject.h>
#include <linux/sysfs.h>
#include <net/ipv6.h>

#include "counter.h"
#include "ercircuit.h"
#include "protection.h"
#include "sysfs.h"
#include "tenant.h"

static const char * const erc_sysfs_slots[] = ERCIRCUIT_SLOT_NAMES;
static const char * const erc_sysfs_states[] = ERCIRCUIT_STATE_NAMES;
static const char * const erc_sysfs_reasons[] = ERCIRCUIT_REASON_NAMES;
static const char * const erc_sysfs_actives[] = ERCIRCUIT_ACTIVE_NAMES;
static const char * const erc_sysfs_requests[] = ERCIRCUIT_REQUEST_NAMES;
static const char * const erc_sysfs_bfd_states[] = ERCIRCUIT_BFD_STATE_NAMES;

static struct erc_circuit *erc_sysfs_circuit(const struct kobject *dir)
{
	return netdev_priv(to_net_dev(kobj_to_dev(dir->parent)));
}

/* The folders of the legs are below the circuit's folder. */
static struct erc_circuit *erc_sysfs_leg(const struct kobject *dir, int *slot)
{
	struct erc_circuit *c = erc_sysfs_circuit(dir->parent);

	*slot = dir == c->sysfs.leg[ERCIRCUIT_SECONDARY];
	return c;
}

static ssize_t erc_sysfs_leg_counter_show(struct kobject *dir,
					  struct kobj_attribute *attr,
					  char *buf);
static ssize_t erc_sysfs_counter_show(struct kobject *dir,
				      struct kobj_attribute *attr, char *buf);

#define ERC_SYSFS_LEG_COUNTER(name) \
	__ATTR(name, 0444, erc_sysfs_leg_counter_show, NULL),
#define ERC_SYSFS_COUNTER(name) \
	__ATTR(name, 0444, erc_sysfs_counter_show, NULL),

/* In list order: a file's place in the array is its counter's index. */
static const struct kobj_attribute erc_sysfs_leg_counters[] = {
	ERCIRCUIT_LEG_COUNTERS(ERC_SYSFS_LEG_COUNTER)
};

static const struct kobj_attribute erc_sysfs_counters[] = {
	ERCIRCUIT_COUNTERS(ERC_SYSFS_COUNTER)
};

static ssize_t erc_sysfs_leg_counter_show(struct kobject *dir,
					  struct kobj_attribute *attr,
					  char *buf)
{
	struct erc_counters sum;
	int slot;

	erc_counter_read(erc_sysfs_leg(dir, &slot), &sum);
	return sysfs_emit(buf, "%llu\n",
			  sum.leg[slot][attr - erc_sysfs_leg_counters]);
}

static ssize_t erc_sysfs_counter_show(struct kobject *dir,
				      struct kobj_attribute *attr, char *buf)
{
	struct erc_counters sum;

	erc_counter_read(erc_sysfs_circuit(dir), &sum);
	return sysfs_emit(buf, "%llu\n",
			  sum.circuit[attr - erc_sysfs_counters]);
}

static ssize_t device_show(struct kobject *dir, struct kobj_attribute *attr,
			   char *buf)
{
	const struct net_device *dev;
	struct erc_circuit *c;
	ssize_t len;
	int slot;

	c = erc_sysfs_leg(dir, &slot);
	rcu_read_lock();
	dev = rcu_dereference(c->leg[slot].dev);
	len = sysfs_emit(buf, "%s\n",
			 dev && erc_tenant_can_see(c, dev) ? dev->name : "");
	rcu_read_unlock();
	return len;
}

static ssize_t state_show(struct kobject *dir, struct kobj_attribute *attr,
			  char *buf)
{
	struct erc_circuit *c;
	u8 reason, state;
	int slot;

	c = erc_sysfs_leg(dir, &slot);
	state = erc_protection_leg_state(c, slot, &reason);
	return sysfs_emit(buf, "%s\n", erc_sysfs_states[state]);
}

static ssize_t reason_show(struct kobject *dir, struct kobj_attribute *attr,
			   char *buf)
{
	struct erc_circuit *c;
	u8 reason;
	int slot;

	c = erc_sysfs_leg(dir, &slot);
	erc_protection_leg_state(c, slot, &reason);
	return sysfs_emit(buf, "%s\n", erc_sysfs_reasons[reason]);
}

static ssize_t via_show(struct kobject *dir, struct kobj_attribute *attr,
			char *buf)
{
	const struct erc_leg_config *config;
	struct erc_circuit *c;
	int slot, len = 0;
	bool sees;

	c = erc_sysfs_leg(dir, &slot);
	config = &c->leg[slot].config;
	rcu_read_lock();
	sees = erc_tenant_can_see(c, rcu_dereference(c->leg[slot].dev));
	rcu_read_unlock();
	if (sees && config->via4)
		len += sysfs_emit_at(buf, len, "%pI4", &config->via4);
	if (sees && !ipv6_addr_any(&config->via6))
		len += sysfs_emit_at(buf, len, "%s%pI6c", len ? " " : "",
				     &config->via6);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t bfd_state_show(struct kobject *dir, struct kobj_attribute *attr,
			      char *buf)
{
	const struct erc_session *session;
	struct erc_circuit *c;
	int slot;

	c = erc_sysfs_leg(dir, &slot);
	session = &c->leg[slot].session;
	return sysfs_emit(buf, "%s\n", READ_ONCE(session->running) ?
			  erc_sysfs_bfd_states[READ_ONCE(session->s.state)] :
			  "off");
}

static ssize_t active_show(struct kobject *dir, struct kobj_attribute *attr,
			   char *buf)
{
	struct erc_circuit *c = erc_sysfs_circuit(dir);

	return sysfs_emit(buf, "%s\n",
			  erc_sysfs_actives[READ_ONCE(c->protect.active)]);
}

static ssize_t request_show(struct kobject *dir, struct kobj_attribute *attr,
			    char *buf)
{
	struct erc_circuit *c = erc_sysfs_circuit(dir);

	return sysfs_emit(buf, "%s\n",
			  erc_sysfs_requests[READ_ONCE(c->protect.request)]);
}

static ssize_t last_switch_reason_show(struct kobject *dir,
				       struct kobj_attribute *attr, char *buf)
{
	struct erc_circuit *c = erc_sysfs_circuit(dir);

	return sysfs_emit(buf, "%s\n",
			  erc_sysfs_reasons[READ_ONCE(c->last_switch_reason)]);
}

static ssize_t last_switch_ns_show(struct kobject *dir,
				   struct kobj_attribute *attr, char *buf)
{
	struct erc_circuit *c = erc_sysfs_circuit(dir);

	return sysfs_emit(buf, "%llu\n", READ_ONCE(c->last_switch_ns));
}

static struct kobj_attribute erc_sysfs_device = __ATTR_RO(device);
static struct kobj_attribute erc_sysfs_state = __ATTR_RO(state);
static struct kobj_attribute erc_sysfs_reason = __ATTR_RO(reason);
static struct kobj_attribute erc_sysfs_via = __ATTR_RO(via);
static struct kobj_attribute erc_sysfs_bfd_state = __ATTR_RO(bfd_state);
static struct kobj_attribute erc_sysfs_active = __ATTR_RO(active);
static struct kobj_attribute erc_sysfs_request = __ATTR_RO(request);
static struct kobj_attribute erc_sysfs_last_switch_reason =
	__ATTR_RO(last_switch_reason);
static struct kobj_attribute erc_sysfs_last_switch_ns =
	__ATTR_RO(last_switch_ns);

static const struct attribute *erc_sysfs_leg_files[] = {
	&erc_sysfs_device.attr,
	&erc_sysfs_state.attr,
	&erc_sysfs_reason.attr,
	&erc_sysfs_via.attr,
	&erc_sysfs_bfd_state.attr,
	NULL
};

static const struct attribute *erc_sysfs_files[] = {
	&erc_sysfs_active.attr,
	&erc_sysfs_request.attr,
	&erc_sysfs_last_switch_reason.attr,
	&erc_sysfs_last_switch_ns.attr,
	NULL
};

static struct kobject *erc_sysfs_add_dir(struct kobject *parent,
					 const char *name,
					 const struct attribute **files,
					 const struct kobj_attribute *counters,
					 int n)
{
	struct kobject *dir = kobject_create_and_add(name, parent);
	int err, i;

	if (!dir)
		return NULL;
	err = sysfs_create_files(dir, files);
	for (i = 0; i < n && !err; i++)
		err = sysfs_create_file(dir, &counters[i].attr);
	if (!err)
		return dir;
	kobject_put(dir);
	return NULL;
}

int erc_sysfs_add(struct erc_circuit *c)
{
	int slot;

	c->sysfs.dir = erc_sysfs_add_dir(&c->dev->dev.kobj, ERC_NAME,
					 erc_sysfs_files, erc_sysfs_counters,
					 ARRAY_SIZE(erc_sysfs_counters));
	if (!c->sysfs.dir)
		return -ENOMEM;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		c->sysfs.leg[slot] =
			erc_sysfs_add_dir(c->sysfs.dir, erc_sysfs_slots[slot],
					  erc_sysfs_leg_files,
					  erc_sysfs_leg_counters,
					  ARRAY_SIZE(erc_sysfs_leg_counters));
		if (!c->sysfs.leg[slot])
			return -ENOMEM;
	}
	return 0;
}

void erc_sysfs_del(struct erc_circuit *c)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		kobject_put(c->sysfs.leg[slot]);
	kobject_put(c->sysfs.dir);
}
