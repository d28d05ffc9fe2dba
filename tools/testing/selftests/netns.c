// SPDX-License-Identifier: GPL-2.0
/*
 * Network namespaces for the selftests, like those of "ip netns". One process
 * creates any number of them, as a test in user-mode Linux spends most of its
 * time with starting programs. Linked statically for the same reason.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
	"usage: netns add NS...               create namespaces\n"
	"       netns del NS...               kill their processes and delete them\n"
	"       netns write NS [FILE VALUE]...  write files of /proc/sys/net in NS\n"
	"       netns forward NS...           route between their interfaces\n"
	"       netns exec NS COMMAND...\n"
	"\n"
	"A new namespace has lo up, and its sysfs is mounted on /run/sys-NS. IPv6\n"
	"addresses are usable immediately, and no router solicitations are sent.\n";

static void put(const char *root, const char *file, const char *value)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", path);
	close(fd);
}

static void lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr))
		err(1, "lo");
	close(fd);
}

/* After a boot with ipv6.disable=1, these sysctls do not exist. */
static int has_ipv6(void)
{
	return !access("/proc/sys/net/ipv6/conf", F_OK);
}

static void quiet(void)
{
	static const char conf[] = "/proc/sys/net/ipv6/conf";

	if (!has_ipv6())
		return;
	put(conf, "all/accept_dad", "0");
	put(conf, "default/accept_dad", "0");
	put(conf, "default/router_solicitations", "0");
}

static void name_paths(const char *ns, char *netns, char *sys, size_t size)
{
	snprintf(netns, size, "/run/netns/%s", ns);
	snprintf(sys, size, "/run/sys-%s", ns);
}

static void add(const char *ns)
{
	char netns[256], sys[256];
	int fd;

	name_paths(ns, netns, sys, sizeof(netns));
	fd = open(netns, O_RDONLY | O_CREAT | O_EXCL, 0444);
	if (fd < 0 || unshare(CLONE_NEWNET) ||
	    mount("/proc/self/ns/net", netns, NULL, MS_BIND, NULL) ||
	    mkdir(sys, 0755) || mount("sysfs", sys, "sysfs", 0, NULL))
		err(1, "%s", ns);
	close(fd);
	lo_up();
	quiet();
}

static void enter(const char *ns)
{
	char netns[256], sys[256];
	int fd;

	name_paths(ns, netns, sys, sizeof(netns));
	fd = open(netns, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", ns);
	close(fd);
}

static void forward(const char *ns)
{
	enter(ns);
	put("/proc/sys/net", "ipv4/ip_forward", "1");
	if (has_ipv6())
		put("/proc/sys/net", "ipv6/conf/all/forwarding", "1");
}

/* Kill the processes in this namespace. */
static void end(const struct stat *ns)
{
	char path[64];
	struct dirent *d;
	struct stat st;
	DIR *proc = opendir("/proc");

	if (!proc)
		err(1, "/proc");
	while ((d = readdir(proc))) {
		pid_t pid = atoi(d->d_name);

		if (pid <= 1 || pid == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
		if (!stat(path, &st) && st.st_ino == ns->st_ino &&
		    st.st_dev == ns->st_dev)
			kill(pid, SIGKILL);
	}
	closedir(proc);
}

static void del(const char *ns)
{
	char netns[256], sys[256];
	struct stat st;

	name_paths(ns, netns, sys, sizeof(netns));
	umount2(sys, MNT_DETACH);
	rmdir(sys);
	/* The test itself may have deleted it. */
	if (stat(netns, &st))
		return;
	end(&st);
	umount2(netns, MNT_DETACH);
	if (unlink(netns))
		err(1, "%s", ns);
}

static const struct {
	const char *verb;
	void (*act)(const char *ns);
} each[] = {
	{ "add", add },
	{ "del", del },
	{ "forward", forward },
	{}
};

/* Return: 1 if the verb takes any number of names. */
static int for_each(const char *verb, char **names)
{
	int i;

	for (i = 0; each[i].verb; i++) {
		if (strcmp(verb, each[i].verb))
			continue;
		while (*names)
			each[i].act(*names++);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	int i;

	if (for_each(verb, argv + 2))
		return 0;
	if (!strcmp(verb, "write")) {
		enter(argv[2]);
		for (i = 3; i + 1 < argc; i += 2)
			put("/proc/sys/net", argv[i], argv[i + 1]);
	} else if (!strcmp(verb, "exec") && argc > 3) {
		enter(argv[2]);
		execvp(argv[3], argv + 3);
		err(errno == ENOENT ? 127 : 126, "%s", argv[3]);
	} else {
		fputs(usage, stderr);
		return 2;
	}
	return 0;
}
