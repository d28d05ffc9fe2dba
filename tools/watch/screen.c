// SPDX-License-Identifier: GPL-2.0
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/exit.h"
#include "common/rtnl.h"
#include "screen.h"
#include "view.h"

#define ERC_NS_PER_MS	1000000ULL

/* A pipe has no width, so this one is used */
#define ERC_SCREEN_PIPE_WIDTH	80

#define ERC_SCREEN_INTERVAL	1

static const struct erc_option erc_screen_options[] = {
	{ "interval", &erc_type_interval, ERC_SCREEN_INTERVAL, .min = 10000,
	  .max = 3600000000 },
	{}
};

static int erc_screen_parse(struct erc_args *args, unsigned int *interval_ms)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh = erc_rtnl_message(buf, 0, 0, 0);
	const struct nlattr *attr;
	unsigned int ms = 1000;

	if (erc_options_parse(nlh, erc_screen_options, args))
		return -1;
	mnl_attr_for_each(attr, nlh, 0)
		ms = mnl_attr_get_u32(attr) / 1000;
	*interval_ms = ms;
	return 0;
}

static bool erc_screen_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* --- to a pipe: once, after two samples, which give the rates ------------ */

static int erc_screen_print(const char *name, unsigned int interval_ms)
{
	const struct erc_view_size size = {
		ERC_SCREEN_PIPE_WIDTH, ERC_VIEW_LINES, erc_screen_is_utf8()
	};
	struct erc_samples samples = { 0 };
	static struct erc_view view;
	unsigned int i;

	if (erc_samples_take(&samples, name))
		return ERC_EXIT_REFUSED;
	poll(NULL, 0, interval_ms);
	if (erc_samples_take(&samples, name))
		return ERC_EXIT_REFUSED;
	erc_view_make(&view, &samples, &size);
	for (i = 0; i < view.n; i++)
		puts(view.line[i].text);
	return 0;
}

/* --- on a terminal ------------------------------------------------------- */

static void erc_screen_draw(const struct erc_samples *samples,
			    unsigned int interval_ms)
{
	static const attr_t attrs[] = {
		[ERC_VIEW_PLAIN] = A_NORMAL,
		[ERC_VIEW_HEAD] = A_BOLD,
		[ERC_VIEW_BAD] = A_STANDOUT,
	};
	struct erc_view_size size = { COLS, LINES - 1, erc_screen_is_utf8() };
	static struct erc_view view;
	char now[ERC_CLOCK_SIZE];
	unsigned int i;

	erc_view_make(&view, samples, &size);
	erase();
	for (i = 0; i < view.n && (int)i < LINES - 1; i++) {
		attrset(attrs[view.line[i].style]);
		mvaddstr(i, 0, view.line[i].text);
	}
	attrset(A_NORMAL);
	erc_clock_text(erc_clock_time(erc_clock_now()), now);
	mvprintw(LINES - 1, 0, "%.8s, every %u ms, * carries, q quits",
		 strchr(now, 'T') + 1, interval_ms);
	refresh();
}

/* Wait until the next sample is due. The keyboard is read at least once, even if
 * samples take longer than the interval. Return: false if "q" was typed.
 */
static bool erc_screen_wait(const struct erc_samples *samples, uint64_t due_ns,
			    unsigned int interval_ms)
{
	uint64_t now = erc_clock_now();

	do {
		timeout(now < due_ns ? (due_ns - now) / ERC_NS_PER_MS + 1 : 0);
		switch (getch()) {
		case 'q':
			return false;
		case KEY_RESIZE:
			erc_screen_draw(samples, interval_ms);
		}
		now = erc_clock_now();
	} while (now < due_ns);
	return true;
}

static int erc_screen_loop(const char *name, unsigned int interval_ms)
{
	struct erc_samples samples = { 0 };
	uint64_t due_ns = erc_clock_now();

	do {
		if (erc_samples_take(&samples, name))
			return -1;
		erc_screen_draw(&samples, interval_ms);
		due_ns += interval_ms * ERC_NS_PER_MS;
		/* Do not make up for samples missed in a suspension. */
		if (due_ns < erc_clock_now())
			due_ns = erc_clock_now();
	} while (erc_screen_wait(&samples, due_ns, interval_ms));
	return 0;
}

int erc_screen(const char *name, struct erc_args *args)
{
	unsigned int interval_ms;
	SCREEN *screen;
	int err;

	setlocale(LC_CTYPE, "");
	if (erc_screen_parse(args, &interval_ms) ||
	    (name && erc_rtnl_find(name, NULL)))
		return ERC_EXIT_USAGE;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return erc_screen_print(name, interval_ms);
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		erc_error("terminal type \"%s\" is unknown: set TERM, or pipe the output",
			  getenv("TERM") ?: "");
		return ERC_EXIT_USAGE;
	}
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, true);
	err = erc_screen_loop(name, interval_ms);
	endwin();
	delscreen(screen);
	return err ? ERC_EXIT_REFUSED : 0;
}
