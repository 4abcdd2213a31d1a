// Room: runtime/. What sources do that only root may: programs that change the system, users and owners, raw sockets, devices, the Docker daemon.
import { hitEvidence } from '../facts/project.ts';
import type { Subject } from '../facts/subject.ts';
import { asksFor } from '../effects/rows/rights.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { projectsOf } from '../facts/applications.ts';
import type { RunCommand } from './run-command.ts';
import { spawnedBy } from './spawned.ts';

interface Row {
  id: 'root-entrypoint' | 'docker-socket' | 'capabilities';
  says: string;
  /** In a line of a source. */
  form: RegExp;
  source: string;
  /** Of the files whose paths match alone; absent: of all. */
  file?: RegExp;
}

/** What a source names that asks for the rights of root. Every form is held against a whole text: `^` is the beginning of a line. */
const rows: readonly Row[] = [
  {
    id: 'docker-socket',
    says: 'talks to the Docker daemon',
    form: /\bdocker\.from_env\(|\bDockerClient\(|\bfrom_env\(\).*docker|(?:\brequire\(|\bfrom|\bimport\s*\(?)\s*['"](?:dockerode)['"]|github\.com\/(?:docker|moby)\/[\w/]*client|github\.com\/containerd\/containerd\b|\/run\/(?:containerd|podman|crio)\/|\bbollard::|['"`](?:unix:\/\/)?(?:\/var)?\/run\/docker\.sock/m,
    source: 'docs.docker.com/engine/install/linux-postinstall: the socket belongs to root and the group docker',
  },
  {
    id: 'capabilities',
    says: 'opens a raw socket, which needs NET_RAW',
    form: /\bAF_PACKET\b|\bSOCK_RAW\b|\bListenPacket\(\s*["'`]ip\d?:|\b(?:Dial|Listen)IP\(|^\s*(?:import|from)\s+(?:scapy|pcapy|pyshark|nmap|netfilterqueue|pythonping|multiping)\b|^\s*(?:import|from)\s+icmplib\b(?![\s\S]*\bprivileged\s*=\s*False\b)|\.SetPrivileged\(\s*true\s*\)|go-fastping\b|\bfastping_rs::|(?:\brequire\(|\bfrom|\bimport\s*\(?)\s*['"](?:raw-socket|net-ping|pcap|cap)['"]|google\/gopacket|\bpnet::|\bpcap::|\bsocket2::Type::RAW/im,
    source:
      'raw(7), packet(7): CAP_NET_RAW, which Docker gives to root alone; pkg.go.dev/github.com/prometheus-community/pro-bing, SetPrivileged; github.com/ValentinBELYN/icmplib, privileged',
  },
  {
    id: 'capabilities',
    says: 'uses a device of the host',
    form: /['"`]\/dev\/(?:tty(?:USB|ACM|AMA|S)|mem\b|gpio|i2c|spidev|kvm|net\/tun|video|fuse|dri|bus\/usb|sd[a-z]|input)|^\s*(?:import|from)\s+(?:RPi|smbus2?|gpiozero|spidev|pigpio|usb\.core|evdev)\b|(?:\brequire\(|\bfrom|\bimport\s*\(?)\s*['"](?:serialport|onoff|pigpio|i2c-bus|node-hid|usb)['"]|\bserialport::|\brppal::|go\.bug\.st\/serial|periph\.io/m,
    source: 'null(4) and the rules of udev: devices belong to root and groups of their own',
  },
  {
    id: 'capabilities',
    says: 'changes the network, mounts or namespaces, which needs NET_ADMIN or SYS_ADMIN',
    form: /\bwireguard\/tun\b|songgao\/water\b|vishvananda\/netlink\b|go-iptables\b|google\/nftables\b|cilium\/ebpf\b|\b(?:syscall|unix)\.(?:Mount|Unmount|Unshare|Setns|Reboot)\(|\bnix::(?:sched|mount)\b|\blibc::(?:mount|unshare|setns)\(|^\s*(?:import|from)\s+(?:pyroute2|pytun|iptc)\b/m,
    source: 'capabilities(7): CAP_NET_ADMIN, CAP_SYS_ADMIN',
  },
  {
    id: 'root-entrypoint',
    says: 'changes users, owners or the root directory',
    form: /\b(?:os|shutil|process|syscall|unix|libc|nix::unistd)(?:\.|::)(?:set(?:re|res|e)?[ug]id|setgroups|initgroups|chroot|l?chown)\b!?|(?<![\w$])[lf]?chown(?:Sync)?\(|(?<![\w$])[lf]?chown(?:Sync)?(?:\s+as\s+|\s*:\s*)[\w$]+[^{}\n]*\}\s*(?:from|=)\s*|std::os::unix::fs::chown/im,
    source: 'setuid(2), chown(2), chroot(2)',
  },
  {
    id: 'root-entrypoint',
    says: 'stops where it does not run as root',
    form: /\bget_?e?uid(?:\?\.)?\(\)\)?\s*(?:!==?|>)\s*0|!\s*[\w:.()]{0,60}\bis_root\(\)|\bif\s+os\.gete?uid\(\)\s*:|\bassert\s+os\.gete?uid\(\)\s*==\s*0|\bget_?e?uid(?:\?\.)?\(\)\)?\s*===?\s*0\s*(?:\|\||\bor\b)/im,
    source: 'getuid(2): root is 0',
  },
  {
    id: 'root-entrypoint',
    says: 'has the server change to another user',
    form: /^(?:user|group)\s*=\s*(?!None\b)\S/m,
    file: /(?:^|\/)gunicorn[\w.-]*\.py$/,
    source: 'docs.gunicorn.org, Settings: user, group',
  },
  {
    id: 'root-entrypoint',
    says: 'changes settings of the kernel',
    form: /(?:\bwrite\w*\(|Create\(|OpenFile\()\s*['"`]\/(?:proc\/sys|sys)\/|\bopen\(\s*['"]\/(?:proc\/sys|sys)\/[^'"]*['"]\s*,\s*['"]r?[wa+]/im,
    source: 'proc_sys(5), sysfs(5): writable for root',
  },
];

const BY_HAND = 'Set USER by hand, and give the container what it needs (--cap-add, --group-add, --device).';
/** Comments name what they warn of. */
const COMMENT = /^\s*(?:#|\/\/|\*|\/\*)/;

/** The first place of the project's sources that needs root. */
export function sourceNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const { hit, effects } of spawnedBy(subject)) {
    const started = effects.flatMap(({ program, wrappers }) => [...wrappers.map((one) => one.program), program]);
    const evidence = [hitEvidence(hit)];
    const daemon = started.find((name) => asksFor(name, 'daemon'));
    if (daemon !== undefined)
      return refusal('docker-socket', `${hit.file}:${hit.line} starts ${daemon}, which talks to the daemon of containers`, run.at, {
        evidence,
        allow: BY_HAND,
      });
    const program = started.find((name) => asksFor(name, 'root'));
    if (program !== undefined)
      return refusal('root-entrypoint', `${hit.file}:${hit.line} starts ${program}, which needs root`, run.at, { evidence });
    const able = started.find((name) => asksFor(name, 'capability'));
    if (able !== undefined)
      return refusal('capabilities', `${hit.file}:${hit.line} starts ${able}, which needs a capability that root alone has`, run.at, {
        evidence,
        allow: BY_HAND,
      });
  }
  const files = projectsOf(subject).flatMap(({ project }) => project.sources?.() ?? []);
  for (const file of files) {
    const read = subject.project.tree.read(file);
    if (read.kind !== 'text') continue;
    const found = rows.find(({ form, file: only }) => only?.test(file) !== false && form.test(read.text));
    if (!found) continue;
    const line = read.text.split('\n').findIndex((one) => found.form.test(one) && !COMMENT.test(one)) + 1;
    if (line === 0) continue;
    return refusal(found.id, `${file}:${line} ${found.says}`, run.at, {
      evidence: [{ file, line, says: found.says }],
      allow: BY_HAND,
    });
  }
  return undefined;
}
