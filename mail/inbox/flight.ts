import type { DeliveryEnd } from './delivery';

/** Some mails in one execution, from handing over to acknowledgement. */
export interface Flight<Cargo> {
	readonly cargo: Cargo;
	readonly end: DeliveryEnd;
}

/** Executions that are under way, at most `limit`, and those that have ended and wait to be acknowledged. */
export class Flights<Cargo> {
	#underWay = 0;
	#landed: Array<Flight<Cargo>> = [];
	readonly #onLanding: () => void;
	#letGo: ((cargo: Cargo) => void) | undefined;

	constructor(
		private readonly limit: number,
		onLanding: () => void,
	) {
		this.#onLanding = onLanding;
	}

	get hasFreeSlot(): boolean {
		return this.#underWay < this.limit;
	}

	get hasLanded(): boolean {
		return this.#landed.length > 0;
	}

	/** True when nothing is under way and nothing waits to be acknowledged. */
	get isQuiet(): boolean {
		return this.#underWay === 0 && this.#landed.length === 0;
	}

	start(cargo: Cargo, delivery: Promise<DeliveryEnd>): void {
		this.#underWay++;
		const land = (end: DeliveryEnd) => {
			this.#underWay--;
			if (this.#letGo !== undefined) return this.#letGo(cargo);
			this.#landed.push({ cargo, end });
			this.#onLanding();
		};
		delivery.then(land, () => land('notStarted'));
	}

	/** Flights to acknowledge now. Those that could not be acknowledged are put back by `returnLanded`. */
	takeLanded(): Array<Flight<Cargo>> {
		const landed = this.#landed;
		this.#landed = [];
		return landed;
	}

	/** Nobody acknowledges any more: the cargo of all that has ended, or ends later, is only let go. */
	abandon(letGo: (cargo: Cargo) => void): void {
		this.#letGo = letGo;
		for (const { cargo } of this.takeLanded()) letGo(cargo);
	}

	returnLanded(flights: ReadonlyArray<Flight<Cargo>>): void {
		this.#landed.unshift(...flights);
	}
}
