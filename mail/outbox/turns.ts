/** Lets a few at a time go on; the others wait in the order in which they came. */
export class Turns {
	#free: number;
	readonly #waiting: Array<() => void> = [];

	constructor(atATime: number) {
		this.#free = atATime;
	}

	/** Resolves when it is one's turn. Each turn that was taken has to be given back. */
	async take(): Promise<void> {
		if (this.#free > 0) {
			this.#free--;
			return;
		}
		await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}

	give(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#free++;
		else next();
	}
}
