# SPDX-License-Identifier: Apache-2.0

EAPI=8

DESCRIPTION="ATA over Ethernet storage target and service manager, in vblade's place"
HOMEPAGE="https://github.com/vblade4j/vblade4j"
SRC_URI="https://github.com/vblade4j/vblade4j/releases/download/v${PV}/${P}.tar.gz"

LICENSE="Apache-2.0 BSD-2 MIT"
SLOT="0"
KEYWORDS="~amd64"

# The launcher finds Java by itself, java-config's choice first;
# setpriv and logger are util-linux, Perl makes the control calls.
RDEPEND="
	!sys-block/vblade
	dev-lang/perl
	sys-apps/util-linux
	>=virtual/jre-17:*
"

# The archive holds what runs: nothing to compile.
src_install() {
	./packaging/install-tree --docdir="/usr/share/doc/${PF}" "${ED}" || die
}

pkg_postinst() {
	# Without it a check is slower, and nothing else.
	if [[ -z ${ROOT} ]]; then
		"${EPREFIX}"/usr/share/vblade4j/class-archive &>/dev/null || true
	fi

	elog "Exports are described in /etc/conf.d/vblade as before, and config_vblade0 is served by"
	elog "    rc-service vblade.vblade0 start"
	elog "A service for another export, config_NAME:"
	elog "    ln -s vblade /etc/init.d/vblade.NAME"
	elog "    rc-update add vblade.NAME default"
	elog "Each of them starts the supervisor, /etc/init.d/vblade, which need not be in a runlevel."
	elog "With systemd: systemctl enable --now vblade4j@NAME"

	if [[ -n ${REPLACING_VERSIONS} ]]; then
		elog
		elog "What runs goes on running the old version. To change over without stopping exports:"
		elog "    rc-service --nodeps vblade stop && rc-service --nodeps vblade start"
	else
		elog
		elog "Coming from sys-block/vblade: its services are processes of their own. Stop them with"
		elog "its own script before it is unmerged; \"vblade4j checkconfig\" then tells of every line"
		elog "that vblade took and that meant something else than it said."
	fi
}

# For another Java: emerge --config
pkg_config() {
	"${ROOT}${EPREFIX}"/usr/share/vblade4j/class-archive || die
}

pkg_postrm() {
	[[ -n ${REPLACED_BY_VERSION} ]] || rm -rf "${ROOT}${EPREFIX}"/var/cache/vblade4j-classes
}
