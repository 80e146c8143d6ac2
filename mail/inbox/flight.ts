import type { Delivery, DeliveryEnd } from './delivery';

/** How far an execution has come: `stored` may come first, the end comes once. */
export type Landing = { readonly kind: 'stored' } | DeliveryEnd;

/** Some mails in one execution, from handing over to acknowledgement. */
export interface Flight<Cargo> {
	readonly cargo: Cargo;
	readonly landing: Landing;
}

export interface FlightLimits {
	/** What all mails in flight may weigh together; one execution may always start. */
	readonly bytes: number;
	/** A slot whose execution does not report its end is free again after this; the report is still heard. */
	readonly slotMs: number;
}

/** Executions that are under way, and those that have ended and wait to be acknowledged. */
export class Flights<Cargo> {
	/** More are not begun; those under way go on when it is lowered. */
	executionsAtATime = 1;
	#underWay = 0;
	#overdue = 0;
	#bytes = 0;
	#landed: Array<Flight<Cargo>> = [];

	constructor(
		private readonly limits: FlightLimits,
		private readonly onLanding: () => void,
	) {}

	get hasFreeSlot(): boolean {
		return (
			this.#underWay === 0 ||
			(this.#underWay < this.executionsAtATime && this.#bytes < this.limits.bytes)
		);
	}

	get hasLanded(): boolean {
		return this.#landed.length > 0;
	}

	/** True when nothing is under way and nothing waits to be acknowledged. */
	get isQuiet(): boolean {
		return this.#underWay + this.#overdue === 0 && !this.hasLanded;
	}

	start(cargo: Cargo, weightBytes: number, delivery: Delivery): void {
		this.#underWay++;
		this.#bytes += weightBytes;
		let holdsSlot = true;
		const freeSlot = () => {
			if (!holdsSlot) return;
			holdsSlot = false;
			this.#underWay--;
			this.#bytes -= weightBytes;
		};
		const timer = setTimeout(() => {
			freeSlot();
			this.#overdue++;
			this.onLanding();
		}, this.limits.slotMs);
		timer.unref();
		const land = (landing: Landing) => {
			this.#landed.push({ cargo, landing });
			this.onLanding();
		};
		let hasEnded = false;
		void delivery.stored?.then(() => {
			if (!hasEnded) land({ kind: 'stored' });
		});
		void delivery.end.then((end) => {
			hasEnded = true;
			clearTimeout(timer);
			if (!holdsSlot) this.#overdue--;
			freeSlot();
			land(end);
		});
	}

	/** Flights to acknowledge now. */
	takeLanded(): Array<Flight<Cargo>> {
		const landed = this.#landed;
		this.#landed = [];
		return landed;
	}
}
