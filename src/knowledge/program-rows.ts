// Room: knowledge/. Programs, the package that has them, and how much of Debian an image must hold to have them (rule book T2, T3), as rows.
// Sources: Contents indexes of bookworm and trixie (packages.debian.org), `dpkg -L` of bookworm's minimal set, pkgs.alpinelinux.org; read 2026-08 to 2026-11.
import type { Level } from './types.ts';

/** `alpine`: the package there; 'busybox' is in every Alpine image; undefined: none. */
export interface ProgramRow {
  programs: string;
  debian: string;
  level: Exclude<Level, 'alpine'>;
  alpine: string | undefined;
}
const row = (level: ProgramRow['level'], programs: string, debian: string, alpine: string | undefined): ProgramRow => ({ programs, debian, level, alpine });

export const programRows: readonly ProgramRow[] = [
  row('debian', '[ arch base64 basename cat chgrp chmod chown chroot cksum comm cp cut date dd df dirname du echo env expand expr factor false fold groups head hostid id install link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc od paste printenv printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shred shuf sleep sort split stat stty sum sync tac tail tee test timeout touch tr true truncate tty uname unexpand uniq unlink users wc who whoami yes', 'coreutils', 'busybox'),
  row('debian', 'b2sum base32 basenc chcon csplit dir dircolors fmt join numfmt pathchk pinky pr ptx runcon sha224sum sha384sum stdbuf tsort vdir', 'coreutils', 'coreutils'),
  row('debian', 'find xargs', 'findutils', 'busybox'),
  row('debian', 'grep egrep fgrep', 'grep', 'busybox'),
  row('debian', 'sed', 'sed', 'busybox'),
  row('debian', 'tar', 'tar', 'busybox'),
  row('debian', 'gzip gunzip zcat', 'gzip', 'busybox'),
  row('debian', 'sh', 'dash', 'busybox'),
  row('debian', 'dash', 'dash', 'dash'),
  row('debian', 'bash', 'bash', 'bash'),
  row('debian', 'awk', 'mawk', 'busybox'),
  row('debian', 'mawk', 'mawk', 'mawk'),
  row('debian', 'perl', 'perl-base', 'perl'),
  row('debian', 'diff cmp', 'diffutils', 'busybox'),
  row('debian', 'hostname', 'hostname', 'busybox'),
  row('debian', 'which', 'debianutils', 'busybox'),
  row('debian', 'run-parts', 'debianutils', 'busybox'),
  row('debian', 'pidof', 'sysvinit-utils', 'busybox'),
  row('debian', 'getent iconv ldd getconf', 'libc-bin', 'musl-utils'),
  row('debian', 'ldconfig locale localedef', 'libc-bin', undefined),
  row('debian', 'clear reset', 'ncurses-bin', 'busybox'),
  row('debian', 'tput tic infocmp', 'ncurses-bin', 'ncurses'),
  row('debian', 'mount umount swapon swapoff losetup', 'mount', 'busybox'),
  row('debian', 'su flock getopt more dmesg setsid renice logger rev nsenter unshare mountpoint blkid fallocate', 'util-linux', 'busybox'),
  row('debian', 'setpriv runuser prlimit lscpu lsblk taskset script whereis ionice chrt', 'util-linux', 'util-linux-misc'),
  row('debian', 'login passwd chpasswd', 'passwd', 'busybox'),
  row('debian', 'useradd groupadd usermod groupmod userdel groupdel chage chsh gpasswd newusers nologin', 'passwd', 'shadow'),
  row('debian', 'dpkg dpkg-query dpkg-deb update-alternatives start-stop-daemon', 'dpkg', undefined),
  row('debian', 'apt apt-get apt-cache apt-mark', 'apt', undefined),
  row('debian', 'gpgv', 'gpgv', 'gnupg'),
  row('curl', 'adduser addgroup deluser delgroup', 'adduser', 'busybox'),
  row('curl', 'curl', 'curl', 'curl'),
  row('curl', 'wget', 'wget', 'busybox'),
  row('curl', 'openssl', 'openssl', 'openssl'),
  row('curl', 'gpg gpgconf gpg-agent', 'gnupg', 'gnupg'),
  row('curl', 'dirmngr', 'dirmngr', 'gnupg'),
  row('curl', 'update-ca-certificates', 'ca-certificates', 'ca-certificates'),
  row('scm', 'git', 'git', 'git'),
  row('scm', 'hg', 'mercurial', 'mercurial'),
  row('scm', 'svn', 'subversion', 'subversion'),
  row('scm', 'ssh scp sftp ssh-keyscan ssh-keygen ssh-agent ssh-add', 'openssh-client', 'openssh-client'),
  row('scm', 'ps top free pgrep pkill watch uptime sysctl vmstat pmap', 'procps', 'busybox'),
  row('scm', 'kill', 'procps', 'busybox'),
  row('scm', 'python3', 'python3', 'python3'),
  row('full', 'gcc', 'gcc', 'gcc'),
  row('full', 'cc', 'gcc', 'gcc'),
  row('full', 'g++ c++', 'g++', 'g++'),
  row('full', 'cpp', 'cpp', 'gcc'),
  row('full', 'make', 'make', 'make'),
  row('full', 'patch', 'patch', 'busybox'),
  row('full', 'ar ld strip nm objdump objcopy ranlib readelf', 'binutils', 'binutils'),
  row('full', 'strings', 'binutils', 'busybox'),
  row('full', 'autoconf', 'autoconf', 'autoconf'),
  row('full', 'automake aclocal', 'automake', 'automake'),
  row('full', 'libtoolize', 'libtool', 'libtool'),
  row('full', 'm4', 'm4', 'm4'),
  row('full', 'pkg-config', 'pkgconf', 'pkgconf'),
  row('full', 'file', 'file', 'file'),
  row('full', 'unzip', 'unzip', 'busybox'),
  row('full', 'xz', 'xz-utils', 'xz'),
  row('full', 'unxz xzcat', 'xz-utils', 'busybox'),
  row('full', 'bzip2 bunzip2', 'bzip2', 'busybox'),
  row('full', 'convert identify mogrify montage composite', 'imagemagick', 'imagemagick'),
  row('full', 'fc-list fc-cache fc-match', 'fontconfig', 'fontconfig'),
  row('full', 'mysql_config mariadb_config', 'libmariadb-dev-compat', 'mariadb-connector-c-dev'),
  row('full', 'pg_config', 'libpq-dev', 'libpq-dev'),
  row('full', 'xml2-config', 'libxml2-dev', 'libxml2-dev'),
  row('full', 'curl-config', 'libcurl4-openssl-dev', 'curl-dev'),
  row('none', 'magick', 'imagemagick', 'imagemagick'),
  row('none', 'gosu', 'gosu', 'gosu'),
  row('none', 'tini', 'tini', 'tini'),
  row('none', 'dumb-init', 'dumb-init', 'dumb-init'),
  row('none', 'sudo', 'sudo', 'sudo'),
  row('none', 'nano', 'nano', 'nano'),
  row('none', 'vim', 'vim', 'vim'),
  row('none', 'vi', 'vim-tiny', 'busybox'),
  row('none', 'less', 'less', 'busybox'),
  row('none', 'jq', 'jq', 'jq'),
  row('none', 'yq', 'yq', 'yq'),
  row('none', 'zip', 'zip', 'zip'),
  row('none', 'zstd', 'zstd', 'zstd'),
  row('none', 'rsync', 'rsync', 'rsync'),
  row('none', 'tree', 'tree', 'busybox'),
  row('none', 'bc', 'bc', 'busybox'),
  row('none', 'dos2unix unix2dos', 'dos2unix', 'busybox'),
  row('none', 'expect', 'expect', 'expect'),
  row('none', 'strace', 'strace', 'strace'),
  row('none', 'lsof', 'lsof', 'busybox'),
  row('none', 'nc netcat', 'netcat-openbsd', 'busybox'),
  row('none', 'socat', 'socat', 'socat'),
  row('none', 'ping', 'iputils-ping', 'busybox'),
  row('none', 'dig', 'bind9-dnsutils', 'bind-tools'),
  row('none', 'nslookup', 'bind9-dnsutils', 'busybox'),
  row('none', 'host', 'bind9-host', 'bind-tools'),
  row('none', 'ip', 'iproute2', 'busybox'),
  row('none', 'ss', 'iproute2', 'iproute2'),
  row('none', 'ifconfig netstat route', 'net-tools', 'busybox'),
  row('none', 'killall', 'psmisc', 'busybox'),
  row('none', 'traceroute', 'inetutils-traceroute', 'busybox'),
  row('none', 'psql pg_isready pg_dump pg_restore createdb dropdb', 'postgresql-client', 'postgresql-client'),
  row('none', 'mysql mysqldump mysqladmin', 'default-mysql-client', 'mariadb-client'),
  row('none', 'redis-cli', 'redis-tools', 'redis'),
  row('none', 'sqlite3', 'sqlite3', 'sqlite'),
  row('none', 'envsubst', 'gettext-base', 'gettext-envsubst'),
  row('none', 'msgfmt', 'gettext', 'gettext'),
  row('none', 'locale-gen', 'locales', undefined),
  row('none', 'lsb_release', 'lsb-release', undefined),
  row('none', 'cron crontab', 'cron', 'busybox'),
  row('none', 'supervisord supervisorctl', 'supervisor', 'supervisor'),
  row('none', 'ffmpeg ffprobe', 'ffmpeg', 'ffmpeg'),
  row('none', 'gs', 'ghostscript', 'ghostscript'),
  row('none', 'pdftotext pdftoppm pdfinfo pdftocairo', 'poppler-utils', 'poppler-utils'),
  row('none', 'tesseract', 'tesseract-ocr', 'tesseract-ocr'),
  row('none', 'soffice libreoffice', 'libreoffice', 'libreoffice'),
  row('none', 'chromium', 'chromium', 'chromium'),
  row('none', 'xvfb-run', 'xvfb', 'xvfb-run'),
  row('none', 'dot', 'graphviz', 'graphviz'),
  row('none', 'uuidgen', 'uuid-runtime', 'util-linux-misc'),
  row('none', 'xmllint', 'libxml2-utils', 'libxml2-utils'),
  row('none', 'wait-for-it', 'wait-for-it', undefined),
];

/** Programs without a Debian package in every release: package by release, and Alpine's. */
export const oddPrograms: Readonly<Record<string, { suites: readonly string[]; debian: string } | { alpine: string }>> = {
  wkhtmltopdf: { suites: ['bullseye', 'bookworm'], debian: 'wkhtmltopdf' },
  'su-exec': { alpine: 'su-exec' },
};

/** Programs of busybox in Alpine that the rows do not name. Source: `busybox --list`, Alpine 3.22. */
export const busyboxOnly = 'adduser addgroup deluser delgroup ash busybox crond cryptpw ether-wake fdflush fsync hd hexdump httpd-busybox inotifyd killall5 nanddump nmeter pipe_progress sendmail udhcpc usleep uudecode uuencode vconfig xxd';

/** Programs that an image has besides its Debian level or its Alpine base. `until`: the last major version that has them. `slim`, `full`, `alpine`: only there; without: in every variant. */
export interface ImagePrograms {
  repository: string;
  programs: string;
  variants?: readonly string[];
  until?: number;
}
export const imagePrograms: readonly ImagePrograms[] = [
  { repository: 'node', programs: 'node nodejs npm npx docker-entrypoint.sh' },
  { repository: 'node', programs: 'yarn yarnpkg', until: 25 },
  { repository: 'node', programs: 'corepack', until: 24 },
  { repository: 'python', programs: 'python python3 pip pip3 pydoc pydoc3 idle idle3 python-config python3-config' },
  { repository: 'python', programs: 'update-ca-certificates openssl', variants: ['slim'] },
  { repository: 'python', programs: 'update-ca-certificates', variants: ['alpine'] },
  { repository: 'golang', programs: 'go gofmt' },
  { repository: 'golang', programs: 'gcc cc g++ c++ cpp make pkg-config ar ld strip nm objdump objcopy ranlib readelf strings', variants: ['full'] },
  { repository: 'golang', programs: 'update-ca-certificates', variants: ['alpine'] },
  { repository: 'rust', programs: 'cargo rustc rustdoc rustup rust-gdb rust-lldb' },
  { repository: 'rust', programs: 'gcc cc cpp ar ld strip nm objdump objcopy ranlib readelf strings update-ca-certificates openssl', variants: ['slim'] },
  { repository: 'rust', programs: 'gcc cc cpp ar ld strip nm update-ca-certificates', variants: ['alpine'] },
  { repository: 'ruby', programs: 'ruby gem bundle bundler irb rake erb rdoc ri' },
  { repository: 'ruby', programs: 'update-ca-certificates openssl', variants: ['slim'] },
  { repository: 'php', programs: 'php phpize php-config pecl docker-php-entrypoint docker-php-ext-install docker-php-ext-enable docker-php-ext-configure curl xz update-ca-certificates openssl' },
  { repository: 'php', programs: 'gcc cc g++ c++ make autoconf file pkg-config re2c', variants: ['full'] },
  { repository: 'oven/bun', programs: 'bun bunx docker-entrypoint.sh' },
  { repository: 'eclipse-temurin', programs: 'java keytool', variants: ['full', 'alpine'] },
  { repository: 'eclipse-temurin', programs: 'curl wget gpg fc-list fc-cache locale-gen update-ca-certificates openssl', variants: ['full'] },
  { repository: 'maven', programs: 'mvn java javac jar keytool' },
  { repository: 'gradle', programs: 'gradle java javac jar keytool' },
  { repository: 'gradle', programs: 'curl wget unzip git hg svn ssh make', variants: ['full'] },
  { repository: 'openjdk', programs: 'java javac jar keytool' },
  { repository: 'dotnet/sdk', programs: 'dotnet pwsh' },
  { repository: 'dotnet/sdk', programs: 'curl git wget', variants: ['full', 'slim'] },
  { repository: 'dotnet/aspnet', programs: 'dotnet' },
  { repository: 'dotnet/runtime', programs: 'dotnet' },
  { repository: 'composer', programs: 'composer php git unzip zip bash ssh hg svn tini' },
  { repository: 'nginx', programs: 'nginx envsubst curl' },
  { repository: 'nginxinc/nginx-unprivileged', programs: 'nginx envsubst curl' },
  { repository: 'httpd', programs: 'httpd httpd-foreground apachectl' },
];

/** How much of Debian the full variant holds (rule book T2). The slim variants hold 'debian'. */
export const fullLevels: Readonly<Record<string, Level>> = {
  node: 'full', python: 'full', ruby: 'full', rust: 'full', 'buildpack-deps': 'full', golang: 'scm', debian: 'debian', ubuntu: 'debian', php: 'debian', nginx: 'debian', httpd: 'debian', 'oven/bun': 'debian', 'eclipse-temurin': 'debian', gradle: 'debian', maven: 'debian', openjdk: 'debian',
  'dotnet/sdk': 'debian', 'dotnet/aspnet': 'debian', 'dotnet/runtime': 'debian', 'dotnet/runtime-deps': 'debian', 'nginxinc/nginx-unprivileged': 'debian', postgres: 'debian', mariadb: 'debian', redis: 'debian', mongo: 'debian', rabbitmq: 'debian',
};

/** Builtins of dash and bash: a command of this name needs no program. Source: POSIX, Shell Command Language; bash(1), SHELL BUILTIN COMMANDS. */
export const builtinRow = '. : [ alias bg break builtin caller case cd command continue declare dirs disown echo enable eval exec exit export false fc fg for getopts hash help history if jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset until wait while [[';
