import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** The parts of package.json that a bill of materials names. */
export interface Product {
  readonly name: string;
  readonly displayName: string;
  readonly publisher: string;
  readonly version: string;
}

/** What `npm sbom` prints, as far as it is changed here. */
interface Bill {
  readonly serialNumber: string;
  readonly metadata: { readonly component: object };
}

/**
 * What `npm sbom` says of the packages that ship, read from package-lock.json in the folder `root`. Throws if npm fails.
 * Run by npm itself, so that it is the npm which runs the script.
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
 * The CycloneDX bill of materials of one package. npm's own names the folder of the checkout, the moment and a random
 * number. Here it names the product, the time of the commit and a number made from the contents: the same package has
 * the same bill. `archive` holds the bytes of the VSIX, `sourceTime` is in seconds since 1970.
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

/** In hexadecimal digits. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A UUID of version 8 (RFC 9562), which is free for numbers made from contents. */
function uuidOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
