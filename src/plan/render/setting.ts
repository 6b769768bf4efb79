// `as`, `in` and `with` of a command: whose account, which folder, which environment.
import type { ClauseNode } from "../../language/tree.ts";
import type { Secret } from "../../secrets/secret.ts";
import { textOf } from "../../text/source.ts";
import { holdsSecret, textOfValue } from "../as-value.ts";
import { evaluateKnown, evaluateText } from "../evaluate.ts";
import type { PlanCommand } from "../plan.ts";
import { isRefusal, refuse, refuseEverywhere, type Refusal } from "../quote/pieces.ts";
import { singleQuoted } from "../quote/sh.ts";
import type { Environment, Known, Value } from "../value.ts";

/** `as`, `in` and `with` of a command, evaluated. */
export interface Setting {
  readonly user: string | undefined;
  /** `quoted`: for sh, where a leading `~/` is the home folder. */
  readonly folder: { readonly text: string; readonly quoted: string } | undefined;
  readonly environment: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Evaluates them; what no host takes is refused. */
export function readSetting(item: PlanCommand, env: Environment): Known<Setting> | Refusal {
  const asNode = lastClause(item.clauses, "as")?.user ?? item.place.as;
  const inNode = lastClause(item.clauses, "in")?.folder ?? item.place.in;
  const user = asNode === undefined ? undefined : evaluateText(asNode, env);
  if (user?.type === "unknown") return user;
  const folder = inNode === undefined ? undefined : evaluateText(inNode, env);
  if (folder?.type === "unknown") return folder;
  const environment = new Map<string, string>();
  const secrets = new Map<string, Secret>();
  for (const clause of item.clauses) {
    if (clause.type !== "with") continue;
    const name = clause.name.text;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return refuse(`"${name}" can't name a variable of the environment: only letters, digits and _ may stand in it.`);
    if (clause.value.type === "reading")
      return refuse(
        `"with ${name}" takes a value that is there before the command: bind it first, as in let ${name} = ${textOf(clause.value.span)}.`,
      );
    const found = evaluateKnown(clause.value, env);
    if (found.type === "unknown") return found;
    const problem = setVariable(name, found.value, { environment, secrets });
    if (problem !== undefined) return problem;
  }
  const userText = user === undefined ? undefined : plainWord(user.value, "as");
  if (isRefusal(userText)) return userText;
  const folderText = folder === undefined ? undefined : plainWord(folder.value, "in");
  if (isRefusal(folderText)) return folderText;
  const first = inNode?.parts[0];
  const home = first?.type === "literal" && (first.text.startsWith("~/") || folderText === "~");
  return {
    type: "known",
    value: {
      user: userText,
      folder:
        folderText === undefined
          ? undefined
          : { text: folderText, quoted: folderForSh(folderText, home ? "home" : "as written") },
      environment,
      secrets,
    },
  };
}

function setVariable(
  name: string,
  value: Value,
  { environment, secrets }: { environment: Map<string, string>; secrets: Map<string, Secret> },
): Refusal | undefined {
  if (value.type === "secret") {
    secrets.set(name, value.secret);
    return undefined;
  }
  if (value.type === "list" || value.type === "record" || holdsSecret(value))
    return refuse(`"with ${name}" takes one value, and this is a ${value.type}.`);
  environment.set(name, textOfValue(value));
  return refuseEverywhere(textOfValue(value), `The value of ${name}`);
}

/** A user's or folder's name: shown in the plan and in the list of processes, so no secret, and no option. */
function plainWord(value: Value, clause: "as" | "in"): string | Refusal {
  if (value.type === "secret" || value.type === "list" || value.type === "record")
    return refuse(`"${clause}" takes one plain value, and this is a ${value.type}.`);
  const text = textOfValue(value);
  const what = clause === "as" ? "user" : "folder";
  if (text === "") return refuse(`The ${what} of "${clause}" is empty.`);
  if (clause === "as" && text.startsWith("-")) return refuse(`"${text}" can't be a user: it begins with "-".`);
  if (/[\r\n]/.test(text)) return refuse(`The ${what} of "${clause}" holds a line break.`);
  return refuseEverywhere(text, `The ${what} of "${clause}"`) ?? text;
}

/** `cd -- -` would go to the last folder, and `~` in quotes is a folder's name. */
function folderForSh(folder: string, home: "home" | "as written"): string {
  if (home === "as written") return singleQuoted(folder === "-" ? "./-" : folder);
  return folder.length <= 2 ? `"$HOME"` : `"$HOME"/${singleQuoted(folder.slice(2))}`;
}

function lastClause<T extends ClauseNode["type"]>(
  clauses: readonly ClauseNode[],
  type: T,
): (ClauseNode & { readonly type: T }) | undefined {
  return clauses.findLast((clause): clause is ClauseNode & { readonly type: T } => clause.type === type);
}
