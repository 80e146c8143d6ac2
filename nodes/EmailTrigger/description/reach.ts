import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';

/** Beyond so many routes nobody reads names on the canvas, and each pair takes its time. */
const ROUTES = 100;

const fieldsWith = (part: 'choices' | 'offered') =>
	ruleFieldTexts.filter(({ value }) => value?.[part] !== undefined).map(({ field }) => field);

const operators = Object.fromEntries(
	ruleFieldTexts.map(({ field, operators: own = [] }) => [field, own.map(({ value }) => value)]),
);

/**
 * What `mail/routing/reach.ts` says of a node's parameters, as a function for n8n's expressions: text, since an
 * expression may use nothing from this file. It gives the positions of the routes that can never be reached. A test
 * holds the two together. Two closing braces side by side would end an expression, so there are none.
 */
export const findUnreachableText = `((parameters) => {
	const usualPriority = 100;
	const operators = ${JSON.stringify(operators)};
	const chosen = ${JSON.stringify(fieldsWith('choices'))};
	const offered = ${JSON.stringify(fieldsWith('offered'))};
	const textOf = (value) => (typeof value === 'string' ? value : '');
	const foldOnce = (text) => text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase();
	const fold = (text) => foldOnce(text).replace(/i\\u0307/g, 'i').replace(/ς/g, 'σ')
		.normalize('NFKC').replace(/\\s+/g, ' ').trim();
	const entriesOf = (list) => textOf(list).split(';').map(fold).filter((entry) => entry !== '');
	const quote = (name) => {
		const needsQuotes = name.includes(';') || name.trimStart().startsWith('"');
		return needsQuotes ? '"' + name.split('"').join('""') + '"' : name;
	};
	const namesOf = (given) => (Array.isArray(given) ? given.map(quote).join(';') : textOf(given));
	const valueOf = (rule, field) => {
		if (chosen.includes(field)) return (rule.choices || []).join(';');
		if (!offered.includes(field)) return textOf(rule.value);
		return [namesOf(rule.companies), textOf(rule.value)].filter((list) => list.trim() !== '').join(';');
	};
	const keyOf = (rule) => {
		const field = rule.field === undefined ? 'subject' : rule.field;
		const own = operators[field] || [];
		return JSON.stringify([
			field,
			own.includes(rule.operator) ? rule.operator : own[0] || '',
			valueOf(rule, field),
			field === 'header' ? textOf(rule.header).trim().toLowerCase() : '',
			rule.negate === true,
		]);
	};
	const read = (route, index) => ({
		index,
		takesPart: route.enabled !== false && route.runsIn !== 'test',
		priority: typeof route.priority === 'number' ? route.priority : usualPriority,
		all: route.match !== 'any',
		recipients: entriesOf(route.recipientAddress),
		rules: ((route.rules && route.rules.rule) || []).map(keyOf),
	});
	const implies = (given, asked) => {
		if (given.rules.length === 0) return false;
		const holds = (rule) => given.rules.includes(rule);
		const givenAll = given.all || given.rules.length === 1;
		const askedAll = asked.all && asked.rules.length > 1;
		if (givenAll) return askedAll ? asked.rules.every(holds) : asked.rules.some(holds);
		return !askedAll && given.rules.every((rule) => asked.rules.includes(rule));
	};
	const takesAllOf = (earlier, route) => {
		const covers = earlier.recipients.length === 0 || (route.recipients.length > 0 &&
			route.recipients.every((entry) => earlier.recipients.includes(entry)));
		return covers && (earlier.rules.length === 0 || implies(route, earlier));
	};
	try {
		const routes = (parameters.routes && parameters.routes.route) || [];
		if (parameters.routingMode === 'every' || routes.length > ${ROUTES}) return [];
		const inOrder = routes.map(read).filter((route) => route.takesPart && (
			route.rules.length > 0 || route.recipients.length > 0));
		inOrder.sort((one, other) => one.priority - other.priority);
		return inOrder
			.filter((route, at) => inOrder.slice(0, at).some((earlier) => takesAllOf(earlier, route)))
			.map((route) => route.index);
	} catch (error) {
		return [];
	}
})`;
