// SPDX-License-Identifier: GPL-2.0
#include "checkup.h"
#include "common/output.h"
#include "doctor.h"
#include "finding.h"
#include "host.h"

static int erc_doctor_link(const struct erc_link *link, void *data)
{
	return erc_checkup(link);
}

int erc_doctor(const char *name)
{
	erc_host_check();
	if (erc_rtnl_each(name, erc_doctor_link, NULL))
		return 2;
	erc_output_end();
	return erc_finding_count() ? 1 : 0;
}
