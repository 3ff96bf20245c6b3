# SPDX-License-Identifier: Apache-2.0

EAPI=8

inherit git-r3

DESCRIPTION="ATA over Ethernet storage target and service manager, in vblade's place"
HOMEPAGE="https://github.com/vblade4j/vblade4j"
EGIT_REPO_URI="https://github.com/vblade4j/vblade4j.git"

LICENSE="Apache-2.0 BSD-2 MIT"
SLOT="0"
PROPERTIES="live"
IUSE="test"
RESTRICT="!test? ( test )"

RDEPEND="
	!sys-block/vblade
	dev-lang/perl
	sys-apps/util-linux
	>=virtual/jre-17:*
"
BDEPEND="
	dev-java/maven-bin:*
	>=virtual/jdk-17:*
"

vblade4j_mvn() {
	mvn -B -ntp -Dmaven.repo.local="${WORKDIR}/repository" -Duser.home="${HOME}" \
		-Dspotless.check.skip -Dcheckstyle.skip "$@" || die "mvn $* failed"
}

# The only phase with a network: a whole build, since Maven knows no other way to fetch exactly what
# a build needs.
src_unpack() {
	git-r3_src_unpack
	cd "${S}" || die
	if use test; then
		# No test is called so: the test plugin and its libraries are fetched, nothing is run.
		vblade4j_mvn -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false package
	else
		vblade4j_mvn -Dmaven.test.skip=true package
	fi
}

src_compile() {
	if use test; then
		vblade4j_mvn -o -DskipTests clean package
	else
		vblade4j_mvn -o -Dmaven.test.skip=true clean package
	fi
}

# Tests marked live make network namespaces, which a sandbox does not allow.
src_test() {
	vblade4j_mvn -o -DexcludedGroups=live package
}

src_install() {
	./packaging/install-tree --docdir="/usr/share/doc/${PF}" "${ED}" || die
}

pkg_postinst() {
	# Without it a check is slower, and nothing else.
	if [[ -z ${ROOT} ]]; then
		"${EPREFIX}"/usr/share/vblade4j/class-archive &>/dev/null || true
	fi

	elog "Exports are described in /etc/conf.d/vblade; config_vblade0 is served by"
	elog "    rc-service vblade.vblade0 start"
	elog "What runs already goes on running the old version. To change over:"
	elog "    rc-service --nodeps vblade stop && rc-service --nodeps vblade start"
}

# For another Java: emerge --config
pkg_config() {
	"${ROOT}${EPREFIX}"/usr/share/vblade4j/class-archive || die
}

pkg_postrm() {
	[[ -n ${REPLACED_BY_VERSION} ]] || rm -rf "${ROOT}${EPREFIX}"/var/cache/vblade4j-classes
}
