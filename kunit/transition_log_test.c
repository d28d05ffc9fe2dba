// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "core/transition_log.h"

struct log_case {
	const char *desc;
	unsigned int added;
	unsigned int copied;
	u64 first;
};

static const struct log_case log_cases[] = {
	{ "empty", 0, 0, 0 },
	{ "one", 1, 1, 0 },
	{ "not quite full", 63, 63, 0 },
	{ "just full", 64, 64, 0 },
	{ "the oldest entry overwritten", 65, 64, 1 },
	{ "overwritten several times", 64 * 3 + 7, 64, 64 * 2 + 7 },
};

KUNIT_ARRAY_PARAM_DESC(log, log_cases, desc);

static void log_test(struct kunit *test)
{
	const struct log_case *p = test->param_value;
	struct ercircuit_log_entry *out, entry = {};
	struct erc_transition_log *log;
	unsigned int i;
	u64 *times;

	log = kunit_kzalloc(test, sizeof(*log), GFP_KERNEL);
	out = kunit_kzalloc(test, sizeof(log->entries), GFP_KERNEL);
	times = kunit_kzalloc(test, sizeof(log->times), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, log);
	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_ASSERT_NOT_NULL(test, times);
	for (i = 0; i < p->added; i++) {
		entry.when_ns = i;
		erc_transition_log_add(log, &entry, i + 1000);
	}
	KUNIT_ASSERT_EQ(test, erc_transition_log_copy(log, out, times), p->copied);
	for (i = 0; i < p->copied; i++) {
		KUNIT_EXPECT_EQ(test, out[i].when_ns, p->first + i);
		KUNIT_EXPECT_EQ(test, times[i], p->first + i + 1000);
	}
}

static struct kunit_case log_tests[] = {
	KUNIT_CASE_PARAM(log_test, log_gen_params),
	{}
};

static struct kunit_suite log_suite = {
	.name = "erc_log",
	.test_cases = log_tests,
};

kunit_test_suite(log_suite);
