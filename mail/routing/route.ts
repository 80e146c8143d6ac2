/** The rule kinds; each is one row in `rule-field.ts`. */
export type RuleField =
	'importance' | 'attachmentType' | 'subject' | 'recipient' | 'sender' | 'company';

export interface Rule {
	readonly field: RuleField;
	/** As the user typed it: a `;` list, quotes keep a `;`. Ignored by rule fields without values. */
	readonly value: string;
}

/** A named output with the conditions under which a message takes it. */
export interface Route {
	readonly name: string;
	/** A route that is off keeps its output and takes nothing. */
	readonly enabled: boolean;
	/** `;` list of addresses or `*@domain`; empty: any recipient. Must hold beside the rules. */
	readonly recipientAddress: string;
	readonly rules: readonly Rule[];
	readonly match: 'all' | 'any';
}

/** An entry of the company directory. */
export interface Company {
	readonly name: string;
	/** `;` lists as typed. */
	readonly domains: string;
	readonly addresses: string;
}

export interface RoutingSettings {
	readonly routes: readonly Route[];
	readonly companies: readonly Company[];
	/** `first`: the first matching route takes the message. `every`: each matching route gets a copy. */
	readonly mode: 'first' | 'every';
}

export interface RouteMatch {
	/** Position among all routes, also the disabled ones: the output index. */
	readonly index: number;
	readonly name: string;
	/** Plain words for each rule that held: `subject contains "invoice"`. */
	readonly because: readonly string[];
}

export interface RoutingDecision {
	/** Empty: the message goes to the fallback. */
	readonly matches: readonly RouteMatch[];
	/** The company of the sender, where the directory knows it. */
	readonly company?: string;
}
