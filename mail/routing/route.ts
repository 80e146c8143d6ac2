import type { AuthenticationVerdicts } from '../classify/authentication';
import type { MailFacts } from '../facts/mail-facts';

/** What rules look at beside the head. */
export interface RoutedBody {
	/** Absent: it was not read. */
	readonly text?: string;
	/** Absent: ordinary mail. */
	readonly facts?: MailFacts;
}

/** The rule kinds; each is one row in `rule-field.ts`. */
export type RuleField =
	| 'attachmentName'
	| 'attachmentType'
	| 'authentication'
	| 'body'
	| 'bounce'
	| 'calendar'
	| 'company'
	| 'header'
	| 'importance'
	| 'kind'
	| 'mark'
	| 'recipient'
	| 'sender'
	| 'size'
	| 'subject';

/** How a rule compares; each rule kind has its own of them, the first of which is the usual one. */
export type RuleOperator =
	/** Texts. `matches`: a regular expression. */
	| 'contains'
	| 'is'
	| 'beginsWith'
	| 'endsWith'
	| 'matches'
	/** Recipients: where they are looked for. */
	| 'visible'
	| 'to'
	| 'cc'
	| 'delivered'
	/** Bounces: what of a recipient is compared. */
	| 'status'
	| 'address'
	/** Sizes. */
	| 'larger'
	| 'smaller';

export interface Rule {
	readonly field: RuleField;
	/** Absent: the usual one of the field. */
	readonly operator?: RuleOperator;
	/** As the user typed it: a `;` list, quotes keep a `;`. Ignored by rule fields without values. */
	readonly value: string;
	/** The name of the header that a header rule looks at. */
	readonly header?: string;
	/** The rule holds where it otherwise would not. */
	readonly negate?: boolean;
}

/** A named output with the conditions under which a message takes it. */
export interface Route {
	readonly name: string;
	/** A route that is off keeps its output and takes nothing. */
	readonly enabled: boolean;
	/** In which runs it takes mail; absent: in both. */
	readonly runsIn?: 'both' | 'live' | 'test';
	/** Smaller ones are asked first; of equals the earlier in the list. Says nothing of the output. Absent: 100. */
	readonly priority?: number;
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
	/** Where the user finds it, in the user's words; absent: in the node's own list, at this position. */
	readonly place?: string;
}

export interface RoutingSettings {
	readonly routes: readonly Route[];
	readonly companies: readonly Company[];
	/** `first`: the first matching route takes the message. `every`: each matching route gets a copy. */
	readonly mode: 'first' | 'every';
	/** Whether this is a test run: routes that take part in the other kind alone take nothing. */
	readonly isTest?: boolean;
	/** Receiving servers whose Authentication-Results are believed (RFC 8601, section 5): authserv-ids. */
	readonly trustedServers?: readonly string[];
}

export interface RouteMatch {
	/** Position among all routes, also the disabled ones: the output index. */
	readonly index: number;
	readonly name: string;
	/** Plain words for each rule that held: `subject contains "invoice"`. */
	readonly because: readonly string[];
	/** What the named groups of regular expressions found; of groups with one name the first. */
	readonly captured: Readonly<Record<string, string>>;
}

export interface RoutingDecision {
	/** Empty: the message goes to the fallback. */
	readonly matches: readonly RouteMatch[];
	/** The company of the sender, where the directory knows it. */
	readonly company?: string;
	/** What the servers that are believed have found; absent where none is named. */
	readonly authentication?: AuthenticationVerdicts;
	/** A rule on the text was reached, and the text was not read: nothing is decided. */
	readonly needsText?: boolean;
}

/** Why a route would take a message or not, rule by rule. */
export interface RouteExplanation {
	readonly index: number;
	readonly name: string;
	readonly enabled: boolean;
	/** Whether its rules hold; an earlier route may have the message all the same. */
	readonly fits: boolean;
	readonly rules: ReadonlyArray<{
		/** `rule 2: Subject contains "invoice"`. */
		readonly rule: string;
		readonly holds: boolean;
		/** What was found; absent where it does not hold, or holds by its negation. */
		readonly because?: string;
	}>;
}
