import { toExcerpt } from '../excerpt';
import type { MessageHead } from '../message';
import { createCompanyDirectory, type CompanyDirectory } from './company-directory';
import type { Condition, Finding } from './condition';
import { EnvelopeView } from './envelope-view';
import { createRefusal } from './refusal';
import type {
	Route,
	RoutedBody,
	RouteExplanation,
	RouteMatch,
	RoutingDecision,
	RoutingSettings,
	Rule,
} from './route';
import { compileRecipients, type RuleContext, ruleFields } from './rule-field';
import { readOperator, toRuleWords } from './rule-words';
import { foldText } from './text-fold';

/** The last output, which no route may be named after. */
export const FALLBACK_NAME = 'Fallback';

/** The output behind it, for what could not be read or processed. */
const ERROR_NAME = 'Error';

/** Of a route that has none of its own: there is room before it. */
export const USUAL_PRIORITY = 100;

export interface Router {
	/** Which routes take the message, and why; or that the text is needed, where it was not read. Never throws. */
	decide(head: MessageHead, body?: RoutedBody): RoutingDecision;
	/** Of every route, why it would take the message or not. Never throws. */
	explain(head: MessageHead, body?: RoutedBody): RouteExplanation[];
}

interface CompiledRule {
	/** `rule 2: Subject contains "invoice"`. */
	readonly words: string;
	readonly condition: Condition;
	readonly readsText: boolean;
	/** Its named groups are data: it is asked also where the route fits without it. */
	readonly captures: boolean;
}

interface CompiledRoute {
	readonly index: number;
	readonly name: string;
	readonly enabled: boolean;
	readonly priority: number;
	readonly match: Route['match'];
	/** Must hold beside the rules; absent: any recipient. */
	readonly recipient?: CompiledRule;
	readonly rules: readonly CompiledRule[];
}

const nothing: RoutedBody = { text: '' };

/**
 * Compiles the routes, those that are switched off included. Throws MailError `settings.invalid` whose subject names the
 * place in the user's words: `route "Invoices", rule 2: the list of attachment types is empty`.
 */
export function createRouter(settings: RoutingSettings): Router {
	const directory = createCompanyDirectory(settings.companies);
	const trustedServers = settings.trustedServers ?? [];
	refuseAmbiguousNames(settings.routes);
	const routes = settings.routes.map((route, index) =>
		compileRoute(route, index, directory, trustedServers, settings.isTest ?? false),
	);
	// Sorting keeps equals in their order.
	const enabled = routes
		.filter((route) => route.enabled)
		.sort((one, other) => one.priority - other.priority);
	const takesFirst = settings.mode === 'first';

	return {
		decide(head, body = nothing) {
			const view = new EnvelopeView(head, body, directory, trustedServers);
			const matches: RouteMatch[] = [];
			for (const each of enabled) {
				const route = body.text === undefined ? withoutText(each, view) : each;
				if (route === 'text') return { matches: [], needsText: true };
				const findings = findAll(route, view);
				if (findings === undefined) continue;
				matches.push(toMatch(route, findings));
				if (takesFirst) break;
			}
			return {
				matches,
				...(view.company !== undefined && { company: view.company.name }),
				...(trustedServers.length > 0 && { authentication: view.verdicts }),
			};
		},
		explain(head, body = nothing) {
			const view = new EnvelopeView(head, body, directory, trustedServers);
			return routes.map((route) => explainRoute(route, view));
		},
	};
}

function compileRoute(
	route: Route,
	index: number,
	directory: CompanyDirectory,
	trustedServers: readonly string[],
	isTest: boolean,
): CompiledRoute {
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
		enabled: route.enabled && takesPart(route, isTest),
		priority: route.priority ?? USUAL_PRIORITY,
		match: route.match,
		recipient: hasRecipient
			? compileRecipient(route.recipientAddress, `${place}, recipient address`)
			: undefined,
		rules: route.rules.map((rule, position) => {
			const refuse = createRefusal(`${place}, rule ${position + 1}`);
			const words = `rule ${position + 1}: ${toRuleWords(rule)}`;
			return {
				words,
				condition: compileRule(rule, { directory, trustedServers, refuse }),
				readsText: rule.field === 'body',
				captures: rule.operator === 'matches',
			};
		}),
	};
}

function takesPart({ runsIn = 'both' }: Route, isTest: boolean): boolean {
	return runsIn === 'both' || runsIn === (isTest ? 'test' : 'live');
}

function compileRecipient(recipientAddress: string, place: string): CompiledRule {
	const words = `recipient address: ${toExcerpt(recipientAddress)}`;
	const condition = compileRecipients(recipientAddress, createRefusal(place));
	return { words, condition, readsText: false, captures: false };
}

function compileRule(rule: Rule, context: RuleContext): Condition {
	const { field, value, operator, header = '', negate = false } = rule;
	// Settings come from stored workflows, which may name what this version does not know.
	if (!Object.hasOwn(ruleFields, field)) {
		return context.refuse(`${toExcerpt(field)} is not a kind of rule`);
	}
	const condition = ruleFields[field](
		{ value, header, operator: readOperator(field, operator, context) },
		context,
	);
	if (!negate) return condition;
	const because = toRuleWords(rule);
	return (view) => (condition(view) === undefined ? { because } : undefined);
}

function toMatch({ index, name }: CompiledRoute, findings: readonly Finding[]): RouteMatch {
	const captured: Record<string, string> = {};
	for (const finding of findings) {
		for (const [group, value] of Object.entries(finding.captured ?? {})) captured[group] ??= value;
	}
	return { index, name, because: findings.map(({ because }) => because), captured };
}

/**
 * The route as far as it can be asked without the text, where that decides it; otherwise `text`. Of rules any of which may
 * hold, one on the text is no longer reached when another holds.
 */
function withoutText(route: CompiledRoute, view: EnvelopeView): CompiledRoute | 'text' {
	const onText = route.rules.filter(({ readsText }) => readsText);
	if (onText.length === 0) return route;
	if (route.recipient !== undefined && route.recipient.condition(view) === undefined) return route;
	const onHead = route.rules.filter(({ readsText }) => !readsText);
	const held = onHead.filter(({ condition }) => condition(view) !== undefined).length;
	const isDecided =
		route.match === 'all'
			? held < onHead.length
			: held > 0 && !onText.some(({ captures }) => captures);
	return isDecided ? { ...route, rules: onHead } : 'text';
}

/** What held, or undefined where the route does not take the message. */
function findAll(route: CompiledRoute, view: EnvelopeView): Finding[] | undefined {
	const findings: Finding[] = [];
	if (route.recipient !== undefined) {
		const finding = route.recipient.condition(view);
		if (finding === undefined) return undefined;
		findings.push(finding);
	}
	let held = 0;
	for (const { condition } of route.rules) {
		const finding = condition(view);
		if (finding !== undefined) {
			held++;
			findings.push(finding);
		} else if (route.match === 'all') return undefined;
	}
	return held > 0 || route.rules.length === 0 ? findings : undefined;
}

function explainRoute(route: CompiledRoute, view: EnvelopeView): RouteExplanation {
	const { index, name, enabled, recipient, rules } = route;
	const all = recipient === undefined ? rules : [recipient, ...rules];
	return {
		index,
		name,
		enabled,
		fits: findAll(route, view) !== undefined,
		rules: all.map(({ words, condition }) => {
			const because = condition(view)?.because;
			return { rule: words, holds: because !== undefined, because };
		}),
	};
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
		if (key === foldText(ERROR_NAME)) refuse('this name belongs to the error output');
		const other = positions.get(key);
		if (other !== undefined) refuse(`routes ${other} and ${position} have the same name`);
		positions.set(key, position);
	});
}
