# SPDX-License-Identifier: GPL-2.0
#
# Find tests in the KTAP stream of a suite, by the names that the suite accepts
# on its command line: TEST of a plain list, or FILE.sh:TEST of tests that are
# nested in the result of a file.
#
# Variable "list": print the tests that "failed" or "passed", one a line. With
# "failed", exit with status 1 if there was another failure: a file or the suite
# failed for a reason of its own.
# Variable "flaky", a file with names: print the stream with these tests as
# passed, and also the files in which no other test failed.

BEGIN {
	while (flaky && (getline name < flaky) > 0)
		forgiven[name] = 1
}

function depth_of(line)
{
	match(line, /^ */)
	return RLENGTH
}

# Return the name in a result
function name_of(line)
{
	sub(/^ *(not )?ok [0-9]+ /, "", line)
	sub(/[: ].*/, "", line)
	return line
}

function is_bad(line)
{
	return line ~ /^ *not ok/
}

# Process a result that does not sum up others; "file" is the file that it
# belongs to
function test(i, file,	name)
{
	name = (file ? file ":" : "") name_of(lines[i])
	if (is_bad(lines[i])) {
		failed[name] = 1
		bad_below++
		if (name in forgiven) {
			sub(/not ok/, "ok", lines[i])
			lines[i] = lines[i] " # FLAKY"
			bad_below--
		}
	} else if (lines[i] !~ /# *SKIP/) {
		passed[name] = 1
	}
}

function flush(	i)
{
	for (i = 1; i <= n; i++)
		if (!list)
			print lines[i]
	n = 0
}

# A file ended before it ran the tests of its plan
/^ +1\.\.[0-9]+/ {
	planned = $0
	sub(/.*\.\./, "", planned)
	results = 0
}

/# .* left behind: / {
	whole = 1
}

{
	lines[++n] = $0
}

/^ +(not )?ok [0-9]+/ {
	results++
	nested[n] = 1
}

/^(not )?ok [0-9]+/ {
	bad_below = below = failed_below = 0
	for (i = 1; i < n; i++) {
		if (!(i in nested))
			continue
		below++
		failed_below += is_bad(lines[i])
		test(i, name_of($0))
		delete nested[i]
	}
	if (!below)
		test(n, "")
	else if (is_bad($0) && !failed_below)
		whole = 1
	else if (is_bad($0) && !bad_below)
		sub(/not ok/, "ok", lines[n])
	if (below && planned != "" && planned + 0 != results)
		whole = 1
	planned = ""
	flush()
}

END {
	flush()
	if (list == "failed")
		for (name in failed)
			print name
	if (list == "passed")
		for (name in passed)
			print name
	exit list == "failed" && whole
}
