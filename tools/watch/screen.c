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

/* A pipe has no size: columns, and lines for each circuit */
#define ERC_SCREEN_PIPE_WIDTH	80
#define ERC_SCREEN_PIPE_HEIGHT	14

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
	struct erc_view_size size = {
		ERC_SCREEN_PIPE_WIDTH, .utf8 = erc_screen_is_utf8()
	};
	struct erc_samples samples = { 0 };
	static struct erc_view view;
	unsigned int i;

	if (erc_samples_take(&samples, name))
		return ERC_EXIT_REFUSED;
	poll(NULL, 0, interval_ms);
	if (erc_samples_take(&samples, name))
		return ERC_EXIT_REFUSED;
	size.height = (samples.n ?: 1) * ERC_SCREEN_PIPE_HEIGHT;
	erc_view_make(&view, &samples, &size);
	for (i = 0; i < view.n; i++)
		puts(view.line[i].text);
	return 0;
}

/* --- on a terminal ------------------------------------------------------- */

enum { ERC_SCREEN_GOOD = 1, ERC_SCREEN_BAD };

static const char * const erc_screen_help[] = {
	"q  quit",
	"h  show or leave this page",
	"",
	"The first line of a circuit says which legs carry, and the G.8031 request in",
	"force; then each leg with its state and reason, and its rates.  The highest bar",
	"of each row is its highest rate.  The lines below are the last changes.",
	NULL
};

static void erc_screen_draw_help(void)
{
	int i;

	for (i = 0; erc_screen_help[i] && i < LINES - 1; i++)
		mvaddnstr(i, 0, erc_screen_help[i], COLS);
}

static void erc_screen_draw_circuits(const struct erc_samples *samples)
{
	const attr_t attrs[] = {
		[ERC_VIEW_PLAIN] = A_NORMAL,
		[ERC_VIEW_HEAD] = A_BOLD,
		[ERC_VIEW_GOOD] = COLOR_PAIR(ERC_SCREEN_GOOD),
		[ERC_VIEW_BAD] = A_STANDOUT | COLOR_PAIR(ERC_SCREEN_BAD),
	};
	struct erc_view_size size = { COLS, LINES - 1, erc_screen_is_utf8() };
	static struct erc_view view;
	unsigned int i;

	erc_view_make(&view, samples, &size);
	for (i = 0; i < view.n && (int)i < LINES - 1; i++) {
		attrset(attrs[view.line[i].style]);
		mvaddstr(i, 0, view.line[i].text);
	}
	attrset(A_NORMAL);
}

/**
 * struct erc_screen - the terminal
 * @samples: the circuits
 * @interval_ms: time between two samples
 * @helps: the page of help is shown
 */
struct erc_screen {
	struct erc_samples samples;
	unsigned int interval_ms;
	bool helps;
};

static void erc_screen_draw(const struct erc_screen *s)
{
	char now[ERC_CLOCK_SIZE];

	erase();
	if (s->helps)
		erc_screen_draw_help();
	else
		erc_screen_draw_circuits(&s->samples);
	erc_clock_text(erc_clock_time(erc_clock_now()), now);
	mvprintw(LINES - 1, 0, "%.8s, every %u ms, * carries, q quits, h helps",
		 strchr(now, 'T') + 1, s->interval_ms);
	refresh();
}

/* Colours, if the terminal has any and the user wants them (no-color.org) */
static void erc_screen_start_colour(void)
{
	const char *no = getenv("NO_COLOR");

	if ((no && *no) || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	init_pair(ERC_SCREEN_GOOD, COLOR_GREEN, -1);
	init_pair(ERC_SCREEN_BAD, COLOR_RED, -1);
}

/* Wait until the next sample is due. The keyboard is read at least once, even if
 * samples take longer than the interval. Return: false if "q" was typed.
 */
static bool erc_screen_wait(struct erc_screen *s, uint64_t due_ns)
{
	uint64_t now = erc_clock_now();

	do {
		timeout(now < due_ns ? (due_ns - now) / ERC_NS_PER_MS + 1 : 0);
		switch (getch()) {
		case 'q':
			return false;
		case 'h':
			s->helps = !s->helps;
			erc_screen_draw(s);
			break;
		case KEY_RESIZE:
			erc_screen_draw(s);
		}
		now = erc_clock_now();
	} while (now < due_ns);
	return true;
}

static int erc_screen_loop(const char *name, unsigned int interval_ms)
{
	struct erc_screen s = { .interval_ms = interval_ms };
	uint64_t due_ns = erc_clock_now();

	do {
		if (erc_samples_take(&s.samples, name))
			return -1;
		erc_screen_draw(&s);
		due_ns += interval_ms * ERC_NS_PER_MS;
		/* Do not make up for samples missed in a suspension. */
		if (due_ns < erc_clock_now())
			due_ns = erc_clock_now();
	} while (erc_screen_wait(&s, due_ns));
	return 0;
}

/* A terminal that cannot move its cursor is used like a pipe. */
static bool erc_screen_is_dumb(void)
{
	const char *term = getenv("TERM");

	return !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	       (term && !strcmp(term, "dumb"));
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
	if (erc_screen_is_dumb())
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
	erc_screen_start_colour();
	keypad(stdscr, true);
	err = erc_screen_loop(name, interval_ms);
	endwin();
	delscreen(screen);
	return err ? ERC_EXIT_REFUSED : 0;
}
