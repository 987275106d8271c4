import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** The members of package.json in a bill of materials. */
export interface Product {
  readonly name: string;
  readonly displayName: string;
  readonly publisher: string;
  readonly version: string;
}

/** The members of the output of `npm sbom` that this file changes. */
interface Bill {
  readonly serialNumber: string;
  readonly metadata: { readonly component: object };
}

/**
 * The output of `npm sbom` for the shipped packages, read from package-lock.json in the folder `root`. Throws if npm
 * fails.
 */
export function npmBill(root: string): string {
  const args = [
    "sbom",
    "--sbom-format=cyclonedx",
    "--sbom-type=application",
    ...["--omit=dev", "--omit=optional", "--package-lock-only"],
  ];
  return execFileSync("npm", args, { cwd: root, encoding: "utf8", shell: process.platform === "win32" });
}

/**
 * The CycloneDX bill of materials of one package. npm's own bill contains the checkout's folder name, the present time
 * and a random number. This one contains the product, the time of the commit and a number computed from the contents,
 * so the same package always has the same bill. `archive` holds the bytes of the VSIX, `sourceTime` is in seconds since
 * 1970.
 */
export function billOfMaterials(fromNpm: string, product: Product, archive: Uint8Array, sourceTime: number): string {
  const { metadata, serialNumber: _, ...rest } = JSON.parse(fromNpm) as Bill;
  const unnumbered = {
    ...rest,
    metadata: {
      ...metadata,
      timestamp: new Date(sourceTime * 1000).toISOString(),
      component: {
        ...metadata.component,
        name: product.name,
        publisher: product.publisher,
        description: product.displayName,
        hashes: [{ alg: "SHA-256", content: sha256(archive) }],
      },
    },
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(unnumbered))}`;
  return `${JSON.stringify({ ...unnumbered, serialNumber }, undefined, 2)}\n`;
}

/** The SHA-256 of `bytes` in hexadecimal digits. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A UUID of version 8 (RFC 9562), computed from `text`. RFC 9562 leaves the content of this version open. */
function uuidOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
