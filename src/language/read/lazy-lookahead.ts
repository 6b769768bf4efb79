// Lookahead functions made when a rule first needs them.
import { LLkLookaheadStrategy, type ILookaheadStrategy, type IOrAlt } from "chevrotain";

type ForAlternation = Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0];
type ForOptional = Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0];
type Validation = Parameters<ILookaheadStrategy["validate"]>[0];

/**
 * Chevrotain's own strategy, put off: a file of three lines uses five of twenty-five rules, and working out what
 * may follow in all of them was two thirds of the grammar's start-up time.
 */
export class LazyLookahead implements ILookaheadStrategy {
  readonly #own: ILookaheadStrategy = new LLkLookaheadStrategy({ maxLookahead: 1 });

  validate(options: Validation): ReturnType<ILookaheadStrategy["validate"]> {
    return this.#own.validate(options);
  }

  buildLookaheadForAlternation(options: ForAlternation): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const own = this.#own;
    let made: ((alternatives?: IOrAlt<unknown>[]) => number | undefined) | undefined;
    // Chevrotain calls it with the parser as `this`.
    return function lookahead(this: unknown, alternatives) {
      made ??= own.buildLookaheadForAlternation(options);
      return made.call(this, alternatives);
    };
  }

  buildLookaheadForOptional(options: ForOptional): () => boolean {
    const own = this.#own;
    let made: (() => boolean) | undefined;
    return function lookahead(this: unknown) {
      made ??= own.buildLookaheadForOptional(options);
      return made.call(this);
    };
  }
}
