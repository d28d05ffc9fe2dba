/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plugin interface of ip(8): the structure that ip looks for in link_KIND.so,
 * and the functions of ip that plugins may call. No package ships a header for
 * these. They are the same in iproute2 6.1 to 6.15.
 */
#ifndef _ERC_IPROUTE2_H
#define _ERC_IPROUTE2_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct nlmsghdr;
struct rtattr;

/**
 * struct link_util - a kind of link, symbol KIND_link_util
 * @next: list of ip
 * @id: the kind
 * @maxattr: highest attribute that @print_opt uses
 * @parse_opt: append attributes to IFLA_INFO_DATA or IFLA_INFO_SLAVE_DATA
 * @print_opt: print them; the array is NULL if there are none
 * @print_xstats: print IFLA_INFO_XSTATS
 * @print_help: for "ip link help KIND"
 * @parse_ifla_xstats: options of "ip link xstats type KIND"
 * @print_ifla_xstats: print an RTM_NEWSTATS message
 */
struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *nlh);
	void (*print_opt)(struct link_util *lu, FILE *fp, struct rtattr **tb);
	void (*print_xstats)(struct link_util *lu, FILE *fp,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *fp);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *nlh, void *fp);
};

/* Arguments of the printing functions that say "JSON only, no colour" */
enum output_type {
	PRINT_JSON = 2,
};

enum color_attr {
	COLOR_NONE = 6,
};

bool is_json_context(void);
void open_json_object(const char *key);
void close_json_object(void);
void open_json_array(enum output_type type, const char *key);
void close_json_array(enum output_type type, const char *delimiter);
int print_color_string(enum output_type type, enum color_attr color,
		       const char *key, const char *format, const char *value);
int print_color_bool(enum output_type type, enum color_attr color,
		     const char *key, const char *format, bool value);
int print_color_u64(enum output_type type, enum color_attr color,
		    const char *key, const char *format, uint64_t value);

int print_color_float(enum output_type type, enum color_attr color,
		      const char *key, const char *fmt, double value);

/* End a line; "ip -oneline" prints a backslash instead. */
void print_nl(void);

#endif /* _ERC_IPROUTE2_H */
