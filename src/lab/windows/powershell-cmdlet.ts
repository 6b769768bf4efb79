// What a cmdlet of the lab's PowerShell is.

import type { WindowsMachine, WindowsPlace } from "./machine.ts";
import type { PowershellValue } from "./powershell-values.ts";

/** What a cmdlet is given. Parameter names are lower case and without their dash. */
export interface CmdletCall {
  readonly machine: WindowsMachine;
  readonly place: WindowsPlace;
  readonly parameters: ReadonlyMap<string, PowershellValue>;
  readonly rest: readonly PowershellValue[];
  readonly input: readonly PowershellValue[];
}

/** A cmdlet: its values go down the pipeline. Throws `PowershellError`. */
export type Cmdlet = (call: CmdletCall) => Promise<readonly PowershellValue[]> | readonly PowershellValue[];
