import { inspect } from 'node:util';

const MASK = '[secret]';

/** A password, token or key. Prints as `[secret]` wherever it is logged, inspected or serialised. */
export class Secret {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
	}

	/** The plain text. Call it only where a protocol needs it. */
	reveal(): string {
		return this.#value;
	}

	get isEmpty(): boolean {
		return this.#value === '';
	}

	toString(): string {
		return MASK;
	}

	toJSON(): string {
		return MASK;
	}

	[inspect.custom](): string {
		return MASK;
	}
}
