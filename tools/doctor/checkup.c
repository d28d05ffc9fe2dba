// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkup.h"
#include "common/options.h"
#include "finding.h"

#define ERC_CHECKUP_COMMAND	256

/**
 * struct erc_checkup - a circuit during its checks
 * @link: its link message
 * @json: options and state, as "show" prints them
 */
struct erc_checkup {
	const struct erc_link *link;
	cJSON *json;
};

static const char *erc_checkup_leg_device(const struct erc_checkup *c, const char *slot)
{
	return erc_json_string(cJSON_GetObjectItem(c->json, slot), "device");
}

/* --- the state of a leg ---------------------------------------------------- */

/* The command that mends a leg that has failed, by its reason; %1$s is the circuit,
 * %2$s the slot, and %3$s the device.
 */
static const struct {
	const char *reason;
	const char *problem;
	const char *command;
} erc_checkup_reasons[] = {
	{ "link", "has no carrier", "ethtool %3$s" },
	{ "admin", "is set down", "ip link set %3$s up" },
	{ "address", "has no address on the subnet of its next hop",
	  "ip addr add PREFIX dev %3$s" },
	{ "neigh", "gets no answer from its next hop", "ip neigh show dev %3$s" },
	{ "bfd", "has no BFD session that is Up", "ercircuit leg %1$s %2$s bfd off" },
	{ "fault", "has an injected fault", "ercircuit leg %1$s %2$s fault none" },
	{ "drain", "is drained", "ercircuit leg %1$s %2$s drain off" },
	{ "mtu", "has an MTU below that of the circuit", "ip link set %3$s mtu 1500" },
	{}
};

static void erc_checkup_reason(const struct erc_checkup *c, const char *slot,
			       const cJSON *leg)
{
	const char *reason = erc_json_string(leg, "reason");
	const char *device = erc_json_string(leg, "device");
	char command[ERC_CHECKUP_COMMAND];
	unsigned int i;

	for (i = 0; *device && erc_checkup_reasons[i].reason; i++) {
		if (strcmp(erc_checkup_reasons[i].reason, reason))
			continue;
		snprintf(command, sizeof(command), erc_checkup_reasons[i].command,
			 c->link->name, slot, device);
		erc_finding_add(reason, c->link->name, command, "The %s leg %s %s", slot,
				device, erc_checkup_reasons[i].problem);
	}
}

static void erc_checkup_missing(const struct erc_checkup *c, const char *slot,
				const cJSON *leg)
{
	const char *name = erc_json_string(leg, "name");
	char command[ERC_CHECKUP_COMMAND];

	if (*erc_json_string(leg, "device"))
		return;
	snprintf(command, sizeof(command), "ercircuit set %s %s DEV via ADDRESS",
		 c->link->name, slot);
	if (*name)
		erc_finding_add("missing", c->link->name, "ip link",
				"The %s leg waits for %s, which does not exist", slot, name);
	else
		erc_finding_add("missing", c->link->name, command,
				"There is no %s leg, so a failure of the other one is an outage",
				slot);
}

/* A router that speaks BFD answers within a second. */
static void erc_checkup_bfd(const struct erc_checkup *c, const char *slot, const cJSON *leg)
{
	char command[ERC_CHECKUP_COMMAND];
	const char *path = "/sys/class/net/%s/ercircuit/%s/%s";

	if (!cJSON_IsTrue(cJSON_GetObjectItem(leg, "bfd")) ||
	    erc_finding_number(path, c->link->name, slot, "bfd_rx") ||
	    !erc_finding_number(path, c->link->name, slot, "bfd_tx"))
		return;
	snprintf(command, sizeof(command), "ercircuit leg %s %s bfd off", c->link->name, slot);
	erc_finding_add("bfd-silent", c->link->name, command,
			"The router of the %s leg has never answered by BFD", slot);
}

/* --- settings of the kernel ------------------------------------------------ */

/* Return: the larger one of the values for all devices and for one, as the kernel does */
static long erc_checkup_sysctl4(const char *device, const char *name)
{
	const char *path = "/proc/sys/net/ipv4/conf/%s/%s";
	long all = erc_finding_number(path, "all", name);
	long one = erc_finding_number(path, device, name);

	return one > all ? one : all;
}

/* Errors of the far router come by the leg, unless the circuit is in a VRF. */
static void erc_checkup_rp_filter(const struct erc_checkup *c)
{
	char path[ERC_CHECKUP_COMMAND], command[ERC_CHECKUP_COMMAND];
	const char *name = c->link->name;

	snprintf(path, sizeof(path), "/sys/class/net/%s/master", name);
	if (access(path, F_OK) || erc_checkup_sysctl4(name, "rp_filter") != 1)
		return;
	snprintf(command, sizeof(command), "sysctl -w net.ipv4.conf.%s.rp_filter=2", name);
	erc_finding_add("rp_filter", name, command,
			"In a VRF, strict rp_filter drops the errors of the far router, so path MTU discovery fails");
}

/* A circuit that fails open shows a failure by its carrier only. */
static void erc_checkup_fail_open(const struct erc_checkup *c)
{
	const char *name = c->link->name;
	char command[ERC_CHECKUP_COMMAND];

	if (strcmp(erc_json_string(c->json, "fail"), "open") ||
	    erc_checkup_sysctl4(name, "ignore_routes_with_linkdown"))
		return;
	snprintf(command, sizeof(command),
		 "sysctl -w net.ipv4.conf.%s.ignore_routes_with_linkdown=1", name);
	erc_finding_add("linkdown", name, command,
			"Routes by the circuit are used without a carrier, so fail open has no effect");
}

static bool erc_checkup_has_via6(const cJSON *leg)
{
	const cJSON *via;

	cJSON_ArrayForEach(via, cJSON_GetObjectItem(leg, "via"))
		if (strchr(via->valuestring, ':'))
			return true;
	return false;
}

static void erc_checkup_ipv6(const struct erc_checkup *c, const char *slot, const cJSON *leg)
{
	const char *device = erc_json_string(leg, "device");
	char command[ERC_CHECKUP_COMMAND];

	if (!*device || !erc_checkup_has_via6(leg) ||
	    !erc_finding_number("/proc/sys/net/ipv6/conf/%s/disable_ipv6", device))
		return;
	snprintf(command, sizeof(command), "sysctl -w net/ipv6/conf/%s/disable_ipv6=0", device);
	erc_finding_add("ipv6", c->link->name, command,
			"The %s leg %s has an IPv6 next hop, and IPv6 is off there", slot, device);
}

static void erc_checkup_mtu(const struct erc_checkup *c)
{
	const char *primary = erc_checkup_leg_device(c, "primary");
	const char *secondary = erc_checkup_leg_device(c, "secondary");
	const char *path = "/sys/class/net/%s/mtu";
	long a = erc_finding_number(path, primary), b = erc_finding_number(path, secondary);
	char command[ERC_CHECKUP_COMMAND];

	if (!*primary || !*secondary || a == b)
		return;
	snprintf(command, sizeof(command), "ip link set %s mtu %ld", a < b ? primary : secondary,
		 a > b ? a : b);
	erc_finding_add("mtu", c->link->name, command,
			"The legs have MTUs of %ld and %ld, and the circuit has the smaller one",
			a, b);
}

/* --- network managers ------------------------------------------------------ */

/* Return: true if a line of the file begins with @text. */
static bool erc_checkup_has_line(const char *path, const char *text)
{
	FILE *fp = fopen(path, "r");
	bool found = false;
	char line[512];

	while (fp && fgets(line, sizeof(line), fp))
		found |= !strncasecmp(line, text, strlen(text));
	if (fp)
		fclose(fp);
	return found;
}

/* systemd-networkd sets the master of a device that it manages to none. */
static void erc_checkup_networkd(const struct erc_checkup *c, const char *slot,
				 const cJSON *leg)
{
	const char *device = erc_json_string(leg, "device"), *file = NULL;
	char path[ERC_CHECKUP_COMMAND], command[2 * ERC_CHECKUP_COMMAND];
	char line[ERC_CHECKUP_COMMAND] = "";
	FILE *fp;

	if (!*device)
		return;
	snprintf(path, sizeof(path), "/run/systemd/netif/links/%u", erc_rtnl_ifindex(device));
	fp = fopen(path, "r");
	while (fp && !file && fgets(line, sizeof(line), fp))
		if (!strncmp(line, "NETWORK_FILE=/", strlen("NETWORK_FILE=/")))
			file = line + strlen("NETWORK_FILE=");
	if (fp)
		fclose(fp);
	line[strcspn(line, "\n")] = '\0';
	if (!file || erc_checkup_has_line(file, "KeepMaster=yes") ||
	    erc_checkup_has_line(file, "KeepMaster=true"))
		return;
	snprintf(command, sizeof(command),
		 "sed -i '/^.Network.$/a KeepMaster=yes' %s && networkctl reload", file);
	erc_finding_add("networkd", c->link->name, command,
			"systemd-networkd takes the %s leg %s at its next restart", slot, device);
}

/* --- sources of the host's own packets -------------------------------------- */

static bool erc_checkup_is_address(const struct ifaddrs *a, uint8_t family,
				   const char *device)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)a->ifa_addr;

	return a->ifa_addr && a->ifa_addr->sa_family == family &&
	       !strcmp(a->ifa_name, device) &&
	       (family != AF_INET6 || !IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr));
}

/* Return: true if the device has an address of the family that others can answer. */
static bool erc_checkup_has_address(const char *device, uint8_t family)
{
	struct ifaddrs *list, *a;
	bool found = false;

	if (getifaddrs(&list))
		return false;
	for (a = list; a; a = a->ifa_next)
		found |= erc_checkup_is_address(a, family, device);
	freeifaddrs(list);
	return found;
}

/* Return: true if the device has this address. */
static bool erc_checkup_owns(const char *device, uint8_t family, const void *address)
{
	struct ifaddrs *list, *a;
	bool found = false;

	if (!*device || getifaddrs(&list))
		return false;
	for (a = list; a; a = a->ifa_next)
		if (erc_checkup_is_address(a, family, device))
			found |= family == AF_INET ?
				 !memcmp(&((struct sockaddr_in *)a->ifa_addr)->sin_addr,
					 address, sizeof(struct in_addr)) :
				 !memcmp(&((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr,
					 address, sizeof(struct in6_addr));
	freeifaddrs(list);
	return found;
}

static bool erc_checkup_is_leg_source(const struct erc_checkup *c, uint8_t family,
				      const struct nlattr *source)
{
	const void *address = mnl_attr_get_payload(source);

	return erc_checkup_owns(erc_checkup_leg_device(c, "primary"), family, address) ||
	       erc_checkup_owns(erc_checkup_leg_device(c, "secondary"), family, address);
}

static void erc_checkup_report_route(const struct erc_checkup *c, const struct rtmsg *rtm,
				     const struct nlattr *dst)
{
	char prefix[INET6_ADDRSTRLEN + 8] = "default", address[INET6_ADDRSTRLEN];
	char command[ERC_CHECKUP_COMMAND];

	if (dst)
		snprintf(prefix, sizeof(prefix), "%s/%u",
			 inet_ntop(rtm->rtm_family, mnl_attr_get_payload(dst), address,
				   sizeof(address)), rtm->rtm_dst_len);
	snprintf(command, sizeof(command),
		 "ip addr add ADDRESS dev %s && ip route change %s dev %s src ADDRESS",
		 c->link->name, prefix, c->link->name);
	erc_finding_add("source", c->link->name, command,
			"This host's own packets to %s have the address of a leg, and get no answer when that leg fails",
			prefix);
}

static int erc_checkup_route(const struct nlmsghdr *nlh, void *data)
{
	const struct erc_checkup *c = data;
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *dst = NULL, *source = NULL;
	bool ours = false;

	if (rtm->rtm_type != RTN_UNICAST || rtm->rtm_protocol == RTPROT_KERNEL ||
	    (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6))
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		if (mnl_attr_get_type(attr) == RTA_OIF)
			ours = (int)mnl_attr_get_u32(attr) == c->link->ifindex;
		if (mnl_attr_get_type(attr) == RTA_DST)
			dst = attr;
		if (mnl_attr_get_type(attr) == RTA_PREFSRC)
			source = attr;
	}
	if (ours && (source ? erc_checkup_is_leg_source(c, rtm->rtm_family, source) :
			      !erc_checkup_has_address(c->link->name, rtm->rtm_family)))
		erc_checkup_report_route(c, rtm, dst);
	return MNL_CB_OK;
}

/* --- all checks ------------------------------------------------------------ */

static void erc_checkup_leg(const struct erc_checkup *c, const char *slot)
{
	const cJSON *leg = cJSON_GetObjectItem(c->json, slot);

	erc_checkup_missing(c, slot, leg);
	erc_checkup_reason(c, slot, leg);
	erc_checkup_bfd(c, slot, leg);
	erc_checkup_ipv6(c, slot, leg);
	erc_checkup_networkd(c, slot, leg);
}

int erc_checkup(const struct erc_link *link)
{
	struct erc_checkup c = { link, cJSON_CreateObject() };
	char command[ERC_CHECKUP_COMMAND];
	int err;

	erc_options_json_nest(c.json, erc_options_circuit, link->data);
	snprintf(command, sizeof(command), "ip link set %s up", link->name);
	if (!link->up)
		erc_finding_add("down", link->name, command, "The circuit is set down");
	erc_checkup_leg(&c, "primary");
	erc_checkup_leg(&c, "secondary");
	erc_checkup_mtu(&c);
	erc_checkup_rp_filter(&c);
	erc_checkup_fail_open(&c);
	err = erc_rtnl_dump(RTM_GETROUTE, erc_checkup_route, &c);
	cJSON_Delete(c.json);
	return err;
}
