/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of the limits of file systems is wanted here. */
