// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "rtnl.h"

struct nlmsghdr *erc_rtnl_message(char *buf, uint16_t type, uint16_t flags,
				  size_t size)
{
	struct nlmsghdr *nlh;

	/* Clear the buffer, as libmnl does not clear padding. */
	memset(buf, 0, ERC_RTNL_REQUEST);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	mnl_nlmsg_put_extra_header(nlh, size);
	return nlh;
}

struct nlmsghdr *erc_rtnl_request(char *buf, uint16_t type, uint16_t flags,
				  int ifindex)
{
	struct nlmsghdr *nlh = erc_rtnl_message(buf, type, flags,
						sizeof(struct ifinfomsg));

	((struct ifinfomsg *)mnl_nlmsg_get_payload(nlh))->ifi_index = ifindex;
	return nlh;
}

/* Return: the kernel's message, or NULL. */
static const char *erc_rtnl_extack(const struct nlmsghdr *nlh)
{
	size_t offset = sizeof(struct nlmsgerr);
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += err->msg.nlmsg_len - sizeof(err->msg);
	mnl_attr_for_each(attr, nlh, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			return mnl_attr_get_str(attr);
	return NULL;
}

/* Name the cause where the kernel does not. */
static void erc_rtnl_print_error(int err, const char *text)
{
	if (err == EPERM && !text)
		erc_error("%s: run it as root", strerror(err));
	else if (err == EOPNOTSUPP && text && !strcmp(text, "Unknown device type"))
		erc_error("the module is not loaded: modprobe ercircuit, or insmod ercircuit.ko");
	else
		erc_error("%s", text ?: strerror(err));
}

static int erc_rtnl_ack(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const char *text;

	if (nlh->nlmsg_len < mnl_nlmsg_size(sizeof(*err)))
		return MNL_CB_ERROR;
	text = erc_rtnl_extack(nlh);
	if (err->error) {
		/* Not an error: a listed circuit may have been deleted. */
		if (err->error != -ENODEV || err->msg.nlmsg_type != RTM_GETSTATS)
			erc_rtnl_print_error(-err->error, text);
		return MNL_CB_ERROR;
	}
	if (text)
		fprintf(stderr, "Warning: %s.\n", text);
	return MNL_CB_STOP;
}

struct mnl_socket *erc_rtnl_open(unsigned int groups)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	int on = 1;

	if (!nl || mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID)) {
		erc_error("cannot open an rtnetlink socket: %s",
			  strerror(errno));
		exit(2);
	}
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &on, sizeof(on));
	return nl;
}

/* Receive one answer, from its first message to its last. */
static int erc_rtnl_receive(struct mnl_socket *nl, unsigned int seq,
			    mnl_cb_t fn, void *data)
{
	static mnl_cb_t control[] = { [NLMSG_ERROR] = erc_rtnl_ack };
	char buf[32768];
	ssize_t n;
	int ret;

	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0)
			return erc_error("cannot receive from rtnetlink: %s",
					 strerror(errno));
		errno = 0;
		ret = mnl_cb_run2(buf, n, seq, mnl_socket_get_portid(nl), fn,
				  data, control, MNL_ARRAY_SIZE(control));
	} while (ret == MNL_CB_OK);
	if (ret == MNL_CB_STOP)
		return 0;
	return errno == EINTR ? -EINTR : -1;
}

int erc_rtnl_talk(struct nlmsghdr *nlh, mnl_cb_t fn, void *data)
{
	static struct mnl_socket *nl;
	static unsigned int seq;
	int err;

	if (!nl)
		nl = erc_rtnl_open(0);
	nlh->nlmsg_seq = ++seq;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return erc_error("cannot send to rtnetlink: %s",
				 strerror(errno));
	err = erc_rtnl_receive(nl, seq, fn, data);
	if (err) {
		/* Discard the rest of the answer with the socket. */
		mnl_socket_close(nl);
		nl = NULL;
	}
	return err;
}

static const struct nlattr *erc_rtnl_info_data(const struct nlattr *linkinfo)
{
	const struct nlattr *attr, *data = NULL;
	bool ours = false;

	mnl_attr_for_each_nested(attr, linkinfo) {
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
			ours = !strcmp(mnl_attr_get_str(attr), "ercircuit");
		if (mnl_attr_get_type(attr) == IFLA_INFO_DATA)
			data = attr;
	}
	return ours ? data : NULL;
}

bool erc_rtnl_link(const struct nlmsghdr *nlh, struct erc_link *link)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (ifi->ifi_family != AF_UNSPEC)
		return false;
	memset(link, 0, sizeof(*link));
	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			snprintf(link->name, sizeof(link->name), "%s",
				 mnl_attr_get_str(attr));
			break;
		case IFLA_MTU:
			link->mtu = mnl_attr_get_u32(attr);
			break;
		case IFLA_LINKINFO:
			link->data = erc_rtnl_info_data(attr);
			break;
		}
	return link->data;
}

/* Messages of an answer, kept until the socket is free for the next request */
struct erc_rtnl_kept {
	struct erc_rtnl_kept *next;
	struct nlmsghdr nlh;
};

static int erc_rtnl_keep(const struct nlmsghdr *nlh, void *data)
{
	struct erc_rtnl_kept ***tail = data, *kept;

	kept = malloc(offsetof(struct erc_rtnl_kept, nlh) + nlh->nlmsg_len);
	if (!kept)
		return MNL_CB_ERROR;
	kept->next = NULL;
	memcpy(&kept->nlh, nlh, nlh->nlmsg_len);
	**tail = kept;
	*tail = &kept->next;
	return MNL_CB_OK;
}

static void erc_rtnl_free(struct erc_rtnl_kept *kept)
{
	struct erc_rtnl_kept *next;

	for (; kept; kept = next) {
		next = kept->next;
		free(kept);
	}
}

/* A change during a dump interrupts it: then start again. */
static int erc_rtnl_get(struct nlmsghdr *nlh, struct erc_rtnl_kept **list)
{
	struct erc_rtnl_kept **tail;
	int err;

	do {
		*list = NULL;
		tail = list;
		err = erc_rtnl_talk(nlh, erc_rtnl_keep, &tail);
		if (err)
			erc_rtnl_free(*list);
	} while (err == -EINTR);
	return err;
}

static int erc_rtnl_get_links(int ifindex, struct erc_rtnl_kept **list)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh;

	nlh = erc_rtnl_request(buf, RTM_GETLINK,
			       ifindex ? NLM_F_ACK : NLM_F_DUMP, ifindex);
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return erc_rtnl_get(nlh, list);
}

int erc_rtnl_dump(uint16_t type, mnl_cb_t fn, void *data)
{
	struct erc_rtnl_kept *list, *kept;
	char buf[ERC_RTNL_REQUEST];
	int err;

	err = erc_rtnl_get(erc_rtnl_message(buf, type, NLM_F_DUMP,
					    sizeof(struct rtmsg)), &list);
	if (err)
		return err;
	for (kept = list; kept && !err; kept = kept->next)
		err = fn(&kept->nlh, data) < 0 ? -1 : 0;
	erc_rtnl_free(list);
	return err;
}

/* Return: true if the link has this alternative name. */
static bool erc_rtnl_has_altname(const struct nlmsghdr *nlh, const char *name)
{
	const struct nlattr *attr, *alt;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) != IFLA_PROP_LIST)
			continue;
		mnl_attr_for_each_nested(alt, attr)
			if (mnl_attr_get_type(alt) == IFLA_ALT_IFNAME &&
			    !strcmp(mnl_attr_get_str(alt), name))
				return true;
	}
	return false;
}

unsigned int erc_rtnl_ifindex(const char *name)
{
	struct erc_rtnl_kept *list, *kept;
	unsigned int ifindex = 0;

	/* The C library knows no longer names. */
	if (strlen(name) < IF_NAMESIZE)
		return if_nametoindex(name);
	if (erc_rtnl_get_links(0, &list))
		return 0;
	for (kept = list; kept && !ifindex; kept = kept->next)
		if (erc_rtnl_has_altname(&kept->nlh, name))
			ifindex = ((struct ifinfomsg *)
				   mnl_nlmsg_get_payload(&kept->nlh))->ifi_index;
	erc_rtnl_free(list);
	return ifindex;
}

int erc_rtnl_each(const char *name, erc_link_fn fn, void *data)
{
	int ifindex = name ? erc_rtnl_ifindex(name) : 0, err = 0;
	struct erc_rtnl_kept *list, *kept;
	struct erc_link link;

	if (name && !ifindex)
		return erc_error("there is no device \"%s\": \"ercircuit show\" lists circuits",
				 name);
	if (erc_rtnl_get_links(ifindex, &list))
		return -1;
	for (kept = list; kept && !err; kept = kept->next)
		if (erc_rtnl_link(&kept->nlh, &link))
			err = fn(&link, data);
		else if (name)
			err = erc_error("\"%s\" is not a circuit: \"ercircuit show\" lists them",
					name);
	erc_rtnl_free(list);
	return err;
}

static int erc_rtnl_get_ifindex(const struct erc_link *link, void *data)
{
	if (data)
		*(int *)data = link->ifindex;
	return 0;
}

int erc_rtnl_find(const char *name, int *ifindex)
{
	return erc_rtnl_each(name, erc_rtnl_get_ifindex, ifindex);
}

int erc_rtnl_stats(int ifindex, mnl_cb_t fn, void *data)
{
	char buf[ERC_RTNL_REQUEST];
	struct if_stats_msg *ifsm;
	struct nlmsghdr *nlh;

	nlh = erc_rtnl_message(buf, RTM_GETSTATS, NLM_F_ACK, sizeof(*ifsm));
	ifsm = mnl_nlmsg_get_payload(nlh);
	ifsm->ifindex = ifindex;
	ifsm->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS);
	return erc_rtnl_talk(nlh, fn, data);
}
