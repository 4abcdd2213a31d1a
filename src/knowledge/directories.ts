// Room: knowledge/. Directories that the smallest image of a Debian release has.

/**
 * Those of the packages that every image has. Source: `dpkg -L` of what is Essential or of priority required, and of apt, base-files and
 * netbase, in bookworm and trixie; /usr/local and /opt by base-files' postinst; tzdata stands in the official images.
 */
const OWN = new Set(
  [
    '/ /bin /boot /dev /dev/shm /etc /home /lib /media /mnt /opt /proc /root /run /run/lock /sbin /srv /sys /tmp /usr /var',
    '/etc/alternatives /etc/apt /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/apt/keyrings /etc/apt/preferences.d /etc/apt/sources.list.d /etc/apt/trusted.gpg.d',
    '/etc/cron.d /etc/cron.daily /etc/default /etc/dpkg /etc/dpkg/dpkg.cfg.d /etc/init.d /etc/kernel /etc/ld.so.conf.d /etc/logrotate.d /etc/opt /etc/pam.d',
    '/etc/profile.d /etc/security /etc/security/limits.d /etc/security/namespace.d /etc/selinux /etc/skel /etc/systemd /etc/systemd/system /etc/terminfo /etc/update-motd.d',
    '/usr/bin /usr/games /usr/include /usr/lib /usr/lib/locale /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /usr/libexec /usr/sbin /usr/share /usr/src',
    '/usr/local /usr/local/bin /usr/local/etc /usr/local/games /usr/local/include /usr/local/lib /usr/local/man /usr/local/sbin /usr/local/share /usr/local/src',
    '/usr/share/doc /usr/share/info /usr/share/keyrings /usr/share/locale /usr/share/man /usr/share/misc /usr/share/terminfo /usr/share/zoneinfo',
    '/var/backups /var/cache /var/cache/apt /var/lib /var/lib/apt /var/lib/apt/lists /var/lib/dpkg /var/lib/misc /var/local /var/lock /var/log /var/mail /var/opt /var/run /var/spool /var/tmp',
  ].flatMap((line) => line.split(' ')),
);

/** Those of ca-certificates, which stands where its program is run. */
const OF_CERTIFICATES = new Set([
  '/etc/ca-certificates',
  '/usr/local/share/ca-certificates',
  '/usr/share/ca-certificates',
  '/etc/ssl',
  '/etc/ssl/certs',
]);

/** Whether a small image has a directory. `programs`: what else it runs. */
export const hasDirectory = (path: string, programs: (name: string) => boolean): boolean =>
  OWN.has(path) || (OF_CERTIFICATES.has(path) && programs('update-ca-certificates'));

/**
 * A directory that every image has, or that of Go's: a name without a `/` at its end is one of these, not a file. Sources: as above;
 * docker-library/golang, Dockerfile-linux.template.
 */
export const isStandardDirectory = (path: string): boolean => OWN.has(path) || path === '/go/bin';
