declare const ORDO_VERSION: string;
declare const ORDO_BUILD: string;

/** The version of package.json, put in at build. */
export const version = ORDO_VERSION;

/** SHA-256 of the program's sources, put in at build: what a transcript says of the program that made it. */
export const build = ORDO_BUILD;
