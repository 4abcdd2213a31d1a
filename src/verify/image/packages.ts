// Room: verify/image/. The operating system's packages, as dpkg and apk write them down.
import type { OsPackage } from '../types.ts';

const maxPackages = 20_000;

/** Paragraphs of /var/lib/dpkg/status or of a file in status.d. Source: deb-control(5), dpkg(1) "package states". */
export function dpkgPackages(text: string): OsPackage[] {
  return paragraphs(text).flatMap((paragraph) => {
    const status = field(paragraph, /^Status: (.+)$/m);
    // Distroless' files have no Status; removed packages whose configuration stays are not installed.
    if (status !== undefined && !status.endsWith(' installed')) return [];
    const size = numberOf(field(paragraph, /^Installed-Size: (\d+)$/m));
    return packageOf('dpkg', field(paragraph, /^Package: (.+)$/m), field(paragraph, /^Version: (.+)$/m), size && size * 1024);
  });
}

/** Entries of apk's database. Source: https://wiki.alpinelinux.org/wiki/Apk_spec#Syntax */
export function apkPackages(text: string): OsPackage[] {
  return paragraphs(text).flatMap((paragraph) =>
    packageOf('apk', field(paragraph, /^P:(.+)$/m), field(paragraph, /^V:(.+)$/m), numberOf(field(paragraph, /^I:(\d+)$/m))),
  );
}

const paragraphs = (text: string): string[] => text.split(/\n\n+/, maxPackages);
const field = (paragraph: string, pattern: RegExp): string | undefined => pattern.exec(paragraph)?.[1]?.trim();
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function packageOf(
  manager: OsPackage['manager'],
  name: string | undefined,
  version: string | undefined,
  size: number | undefined,
): OsPackage[] {
  return name === undefined ? [] : [{ manager, name, version: version ?? '', ...(size === undefined ? {} : { size }) }];
}
