// Room: effects/rows. What programs ask of the user that starts them: the rights of root, capabilities; and programs that start several others.
import { names } from '../words.ts';

/** `root`: it changes users, owners, packages or the system. `capability`: one that a user other than root does not have. `several`: it starts and watches several programs, or is an init of its own. `daemon`: it talks to the daemon of containers. `low-port`: it listens on port 80 unless its settings say otherwise. `display`: `:99` is the number of a display for it, no port. */
export type Asks = 'root' | 'capability' | 'several' | 'daemon' | 'low-port' | 'display';

interface RightsRow {
  /** Names, divided by spaces. */
  programs: string;
  asks: Asks;
  source: string;
}

const rows: readonly RightsRow[] = [
  {
    programs: 'gosu su-exec su sudo runuser setpriv setuidgid s6-setuidgid chpst',
    asks: 'root',
    source: 'gosu, su-exec, su(1), sudo(8), runuser(1), setpriv(1), chpst(8): they change to another user',
  },
  { programs: 'chown chgrp', asks: 'root', source: 'chown(1): CAP_CHOWN' },
  {
    programs: 'useradd adduser usermod groupadd addgroup groupmod userdel deluser passwd chpasswd fixuid',
    asks: 'root',
    source: 'useradd(8), passwd(1), boxboat/fixuid: they write to /etc/passwd',
  },
  {
    programs: 'apt-get apt dpkg apk yum dnf microdnf zypper',
    asks: 'root',
    source: 'apt-get(8), apk(8), dnf(8), zypper(8): they write below /usr and /var',
  },
  {
    programs: 'sysctl iptables ip6tables iptables-restore nft ufw ip ifconfig route wg wg-quick openvpn',
    asks: 'root',
    source: 'capabilities(7): CAP_NET_ADMIN, CAP_SYS_ADMIN',
  },
  {
    programs: 'cron crond crontab service systemctl rc-service update-rc.d sshd rsyslogd syslogd supervisord',
    asks: 'root',
    source: 'cron(8), service(8), sshd(8), rsyslogd(8): daemons of the system, which change to the users of their jobs',
  },
  {
    programs: 'mount umount setcap chroot modprobe insmod mknod',
    asks: 'root',
    source: 'capabilities(7): CAP_SYS_ADMIN, CAP_SETFCAP, CAP_SYS_CHROOT, CAP_SYS_MODULE, CAP_MKNOD',
  },
  {
    programs: 'X Xvfb Xorg Xvnc Xtigervnc Xephyr Xdummy vncserver tigervncserver x11vnc startx xpra',
    asks: 'display',
    source: 'Xserver(1), vncserver(1), x11vnc(1): displays are named :number',
  },
  { programs: 'update-ca-certificates ldconfig', asks: 'root', source: 'update-ca-certificates(8), ldconfig(8): they write to /etc' },
  { programs: 'dockerd containerd', asks: 'root', source: 'docs.docker.com, dockerd' },
  // ping works for every user in Docker since 20.10 (docs.docker.com/engine/release-notes/20.10, net.ipv4.ping_group_range)
  {
    programs: 'fping arping tcpdump traceroute mtr nmap setcap getcap mount umount chroot unshare nsenter tc strace perf hping3 ethtool',
    asks: 'capability',
    source: 'capabilities(7): CAP_NET_RAW, CAP_NET_ADMIN, CAP_SYS_PTRACE and others',
  },
  {
    programs:
      'supervisord s6-svscan s6-supervise s6-overlay-suexec runsvdir runsvdir-start runit runit-init runsv my_init systemd systemctl openrc openrc-init monit circusd cron crond anacron supercronic honcho foreman forego hivemind overmind multirun concurrently parallel',
    asks: 'several',
    source: 'the manual of each',
  },
  {
    programs: 'docker docker-compose ctr nerdctl crictl',
    asks: 'daemon',
    source: 'docs.docker.com/engine/install/linux-postinstall: the socket belongs to root and the group docker',
  },
  {
    programs:
      'apache2-foreground apache2ctl apachectl apache2 httpd httpd-foreground nginx openresty caddy haproxy lighttpd varnishd traefik',
    asks: 'low-port',
    source: 'the settings that each brings: httpd.apache.org, Listen 80; nginx.org, listen 80; caddyserver.com; doc.traefik.io',
  },
];

/** Options by which a server changes to another user when it has started. Sources: docs.gunicorn.org, Settings; the manuals of hypercorn, celery, pm2. */
const CHANGES: readonly { programs: string; options: string }[] = [
  { programs: 'gunicorn hypercorn', options: '-u --user -g --group' },
  { programs: 'celery uwsgi pm2 pm2-runtime twistd', options: '--uid --gid' },
];
const changes = new Map(CHANGES.flatMap(({ programs, options }) => [...names(programs)].map((name) => [name, names(options)] as const)));

/** The option of a call that makes its program change to another user, which root alone may. */
export const userOption = (program: string, args: readonly string[]): string | undefined =>
  args.find((arg) => changes.get(program)?.has(arg.replace(/=.*$/s, '')));

const table = new Map<string, Set<Asks>>();
for (const { programs, asks } of rows) for (const name of names(programs)) table.set(name, (table.get(name) ?? new Set()).add(asks));

/** Whether a program, named without its directory, asks for this. */
export const asksFor = (program: string, what: Asks): boolean => table.get(program)?.has(what) ?? false;
