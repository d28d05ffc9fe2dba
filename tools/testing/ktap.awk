# SPDX-License-Identifier: GPL-2.0
#
# Evaluate a KTAP stream: it passes if every plan is complete and no result is
# "not ok". A result that sums up the results nested before it is not counted,
# unless it failed and none of them did.
#
# Sets exit status 0 if all passed, 1 if anything failed, 4 if all skipped.
# Variable "summary": print "N passed, N failed, N skipped".

function depth_of(line)
{
	match(line, /^ */)
	return RLENGTH
}

# Results nested deeper than d have ended
function close_below(d,	i)
{
	for (i in plan) {
		if (i + 0 > d) {
			if (plan[i] != seen[i] + 0)
				broken = broken "\n# planned " plan[i] \
					" results, got " seen[i] + 0 \
					(d < 0 ? "" : ", before: " $0)
			if (plan[i] != seen[i] + 0)
				below_failed++
			delete plan[i]
			delete seen[i]
		}
	}
}

/^ *1\.\.[0-9]+/ {
	d = depth_of($0)
	sub(/^ *1\.\./, "")
	plan[d] = $0 + 0
	seen[d] = 0
	next
}

/^ *(not )?ok [0-9]+/ {
	d = depth_of($0)
	was_broken = broken
	close_below(d)
	parent = last_depth > d
	last_depth = d
	seen[d]++
	bad = $0 ~ /^ *not ok/
	skip = toupper($0) ~ /# *SKIP/
	if (broken != was_broken)
		bad = 1
	if (parent) {
		if (bad && !failed_in[d])
			failed++
	} else if (bad) {
		failed++
	} else if (skip) {
		skipped++
	} else {
		passed++
	}
	if (bad)
		for (i = 0; i < d; i++)
			failed_in[i] = 1
	failed_in[d] = 0
	any++
}

END {
	$0 = ""
	close_below(-1)
	if (!any)
		broken = broken "\n# no results"
	if (broken && !failed)
		failed++
	if (summary) {
		if (broken)
			print substr(broken, 2)
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	}
	exit failed ? 1 : passed ? 0 : 4
}
