# SPDX-License-Identifier: GPL-2.0
#
# Targets for users and developers: "make TARGET".  Kbuild lists the parts of the
# module.

KDIR	?= /lib/modules/$(shell uname -r)/build
DESTDIR	?=
PREFIX	?= /usr
SUITES	?=

# The kernel's build reads the file Kbuild, not this one.
MAKEFLAGS += --no-print-directory

T := tools/testing

.PHONY: all modules tools install modules_install tools_install uninstall
.PHONY: clean check quick soak deb deps kernel-patch kernels fuzz demo lab lab-check bench help

all: modules tools

help:			## this list
	@echo "usage: make [TARGET] [VARIABLE=VALUE]..."
	@echo
	@sed -n 's/^\([a-z_-]*\):[^#]*## /  \1\t/p' Makefile | expand -t 20
	@echo
	@echo "Variables: KDIR (kernel build tree, now $(KDIR)),"
	@echo "DESTDIR and PREFIX (where to install), SUITES (what to check), V=1."

modules:		## build ercircuit.ko for the running kernel, or for KDIR
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:			## build the ercircuit tool and the plugin for ip
	$(MAKE) -C tools

install: modules_install tools_install	## install module, tools, man pages and completion

modules_install: modules	## install the module only
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) modules_install
	$(if $(DESTDIR),,depmod -a)

tools_install: tools	## install the tools only
	$(MAKE) -C tools install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

uninstall:		## remove the installed files
	$(MAKE) -C tools uninstall DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)
	$(RM) $(DESTDIR)/lib/modules/*/updates/ercircuit.ko*
	$(if $(DESTDIR),,depmod -a)

clean:			## remove all built files, except kernels in the cache
	@rm -rf build
	@if [ -e $(KDIR) ]; then $(MAKE) -s -C $(KDIR) M=$(CURDIR) clean; fi
	@$(MAKE) -s -C tools clean

deb:			## build Debian packages of the module (DKMS) and the tools in build/deb
	$(T)/deps install build packaging
	tools/packaging/make-deb

kernel-patch:		## lay the module into the kernel tree KERNEL=TREE (Linux 7.2 or later)
	$(T)/deps install packaging
	tools/packaging/kernel-patch lay $(KERNEL)

deps:			## install the Debian packages that are needed to build and test
	$(T)/deps install

kernels: deps		## fetch and build the kernels to test on (in ~/.cache/ercircuit)
	$(T)/kernels build $$($(T)/kernels list)

check: deps		## test everything, or SUITES="NAME..." ("make check SUITES=list" names them)
	$(T)/check $(SUITES)

quick: deps		## build, check the style, and run the basic tests (4 minutes)
	$(T)/check quick

soak: deps		## run the long tests (hours) before a release: watched, with strict rp_filter, and without IPv6
	$(T)/check soak

fuzz: deps		## fuzz the core for a minute (SECONDS=N sets the time)
	$(MAKE) -C $(T)/fuzz run $(if $(SECONDS),SECONDS=$(SECONDS))

demo:			## watch a circuit lose a leg, in a throw-away virtual machine
	$(T)/deps install build demo
	$(T)/demo

lab:			## build ExpressRoute in a virtual machine (two sites, Azure, an internet) and start a shell, or run ARGS
	$(T)/deps install build demo lab
	$(T)/lab/run $(ARGS)

lab-check: deps		## test the promises of ExpressRoute in the lab, and fail each element
	$(T)/check lab

bench: deps		## measure cost, failover, switching, BFD, throughput, scale (ARGS=-h lists the parts)
	$(T)/bench $(ARGS)
