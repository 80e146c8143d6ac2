import { toExcerpt } from '../excerpt';
import type { MessageHead } from '../message';
import { createCompanyDirectory, type CompanyDirectory } from './company-directory';
import type { Condition } from './condition';
import { EnvelopeView } from './envelope-view';
import { createRefusal } from './refusal';
import type { Route, RouteMatch, RoutingDecision, RoutingSettings, Rule } from './route';
import { compileRecipients, ruleFields } from './rule-field';
import { foldText } from './text-fold';

/** The last output, which no route may be named after. */
export const FALLBACK_NAME = 'Fallback';

export interface Router {
	/** Which routes take the message, and why. Reads the head only; never throws. */
	decide(head: MessageHead): RoutingDecision;
}

interface CompiledRoute {
	readonly index: number;
	readonly name: string;
	readonly match: Route['match'];
	/** Must hold beside the rules; absent: any recipient. */
	readonly recipient?: Condition;
	readonly rules: readonly Condition[];
}

/**
 * Compiles the routes, those that are switched off included. Throws MailError `settings.invalid` whose subject names the
 * place in the user's words: `route "Invoices", rule 2: the list of attachment types is empty`.
 */
export function createRouter(settings: RoutingSettings): Router {
	const directory = createCompanyDirectory(settings.companies);
	refuseAmbiguousNames(settings.routes);
	const routes = settings.routes
		.map((route, index) => ({
			enabled: route.enabled,
			compiled: compileRoute(route, index, directory),
		}))
		.filter(({ enabled }) => enabled)
		.map(({ compiled }) => compiled);
	const takesFirst = settings.mode === 'first';

	return {
		decide(head) {
			const view = new EnvelopeView(head, directory);
			const matches: RouteMatch[] = [];
			for (const route of routes) {
				const because = explain(route, view);
				if (because === undefined) continue;
				matches.push({ index: route.index, name: route.name, because });
				if (takesFirst) break;
			}
			return view.company === undefined ? { matches } : { matches, company: view.company.name };
		},
	};
}

function compileRoute(route: Route, index: number, directory: CompanyDirectory): CompiledRoute {
	const place = `route ${toExcerpt(route.name)}`;
	const hasRecipient = route.recipientAddress.trim() !== '';
	if (!hasRecipient && route.rules.length === 0) {
		createRefusal(place)(
			'it has neither rules nor a recipient address and would take every e-mail',
		);
	}
	return {
		index,
		name: route.name,
		match: route.match,
		recipient: hasRecipient
			? compileRecipients(route.recipientAddress, createRefusal(`${place}, recipient address`))
			: undefined,
		rules: route.rules.map((rule, position) =>
			compileRule(rule, directory, `${place}, rule ${position + 1}`),
		),
	};
}

function compileRule(
	{ field, value }: Rule,
	directory: CompanyDirectory,
	place: string,
): Condition {
	const refuse = createRefusal(place);
	// Settings come from stored workflows, which may name what this version does not know.
	if (!Object.hasOwn(ruleFields, field)) return refuse(`${toExcerpt(field)} is not a kind of rule`);
	return ruleFields[field](value, { directory, refuse });
}

/** Every reason that held, or undefined where the route does not take the message. */
function explain(route: CompiledRoute, view: EnvelopeView): string[] | undefined {
	const because: string[] = [];
	if (route.recipient !== undefined) {
		const reason = route.recipient(view);
		if (reason === undefined) return undefined;
		because.push(reason);
	}
	let held = 0;
	for (const rule of route.rules) {
		const reason = rule(view);
		if (reason !== undefined) {
			held++;
			because.push(reason);
		} else if (route.match === 'all') return undefined;
	}
	return held > 0 || route.rules.length === 0 ? because : undefined;
}

/** Outputs are told apart by name alone. */
function refuseAmbiguousNames(routes: readonly Route[]): void {
	const positions = new Map<string, number>();
	routes.forEach(({ name }, index) => {
		const position = index + 1;
		const key = foldText(name);
		const refuse = createRefusal(key === '' ? `route ${position}` : `route ${toExcerpt(name)}`);
		if (key === '') refuse('the name is empty');
		if (key === foldText(FALLBACK_NAME)) refuse('this name belongs to the last output');
		const other = positions.get(key);
		if (other !== undefined) refuse(`routes ${other} and ${position} have the same name`);
		positions.set(key, position);
	});
}
