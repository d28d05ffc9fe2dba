// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "finding.h"
#include "host.h"

/* Tools and module of different versions may not know each other's options. */
static void erc_host_check_version(void)
{
	char version[64];

	if (access("/sys/module/ercircuit", F_OK)) {
		erc_finding_add("module", "", "modprobe ercircuit",
				"The module ercircuit is not loaded");
		return;
	}
	if (erc_finding_read(version, sizeof(version), "/sys/module/ercircuit/version") &&
	    strcmp(version, ERC_VERSION))
		erc_finding_add("version", "", "rmmod ercircuit && modprobe ercircuit",
				"The loaded module has version %s, and the tools have %s",
				version, ERC_VERSION);
}

/* ip prints the help of a kind only if it finds the plugin. */
static void erc_host_check_plugin(void)
{
	FILE *fp = popen("ip link help ercircuit 2>&1", "r");
	bool found = false;
	char line[256];

	while (fp && fgets(line, sizeof(line), fp))
		found |= !!strstr(line, "primary");
	if (fp)
		pclose(fp);
	if (!found)
		erc_finding_add("plugin", "", "make tools_install, or IP_LIB_DIR=FOLDER",
				"ip does not find its plugin link_ercircuit.so, and prints and sets no options");
}

static void erc_host_check_clock(void)
{
	struct timex timex = {};

	if (adjtimex(&timex) == TIME_ERROR)
		erc_finding_add("clock", "", "timedatectl set-ntp true",
				"The clock is not synchronised, so the times of an outage prove little");
}

/* Return: true if a folder of modules has this file, in any compression. */
static bool erc_host_has_module(const char *release)
{
	static const char * const folders[] = { "updates/dkms", "extra", "updates" };
	static const char * const ends[] = { "", ".xz", ".zst", ".gz" };
	char path[512];
	size_t i, k;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		for (k = 0; k < sizeof(ends) / sizeof(*ends); k++) {
			snprintf(path, sizeof(path), "/lib/modules/%s/%s/ercircuit.ko%s",
				 release, folders[i], ends[k]);
			if (!access(path, F_OK))
				return true;
		}
	return false;
}

static void erc_host_check_release(const char *release)
{
	char path[512], command[512];

	snprintf(path, sizeof(path), "/boot/vmlinuz-%s", release);
	if (access(path, F_OK) || erc_host_has_module(release))
		return;
	snprintf(path, sizeof(path), "/lib/modules/%s/build/Makefile", release);
	snprintf(command, sizeof(command), "apt install linux-headers-%s", release);
	if (access(path, F_OK))
		erc_finding_add("headers", "", command,
				"The installed kernel %s has no module ercircuit, and its headers are missing",
				release);
}

/* Look at all kernels that can be booted. */
static void erc_host_check_kernels(void)
{
	DIR *dir = opendir("/lib/modules");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			erc_host_check_release(entry->d_name);
	if (dir)
		closedir(dir);
}

void erc_host_check(void)
{
	erc_host_check_version();
	erc_host_check_plugin();
	erc_host_check_clock();
	erc_host_check_kernels();
}
