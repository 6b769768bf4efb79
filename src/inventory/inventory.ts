// Who is where, and how one gets in: hosts and groups as declared, before any secret is read.
import type { SecretFromNode } from "../language/tree.ts";
import type { Span } from "../text/source.ts";

export interface Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
}

export interface Host {
  readonly name: string;
  readonly kind: string;
  /** `at here`: this machine, no ssh. */
  readonly here: boolean;
  readonly address: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: SecretFromNode | undefined;
  readonly sudoPassword: SecretFromNode | undefined;
  /** Path of a private key, relative ones already taken from the file that says it. */
  readonly key: string | undefined;
  /** `SHA256:…` */
  readonly hostKey: string | undefined;
  readonly via: string | undefined;
  readonly version: string | undefined;
  readonly allowWeakAlgorithms: readonly string[];
  readonly bySystemSsh: boolean;
  readonly span: Span | undefined;
}

export interface Group {
  readonly name: string;
  readonly members: readonly string[];
  readonly span: Span;
}
