import {
	type Connections,
	type CredentialReference,
	type Workflow,
	type WorkflowNode,
	connect,
} from '../tools/n8n/workflow';
import { RETURNS_ALIAS } from './shop';

const PACKAGE = 'n8n-nodes-email-connectors';
export const FALLBACK = 'Fallback';
export const ERROR = 'Error';

/** All outputs of a trigger, in their order. */
export function toOutputs(routes: readonly string[]): string[] {
	return [...routes, FALLBACK, ERROR];
}

/** A mailbox that starts the workflow, and the names of its routes in the order of its outputs. */
export interface TriggerBranches {
	readonly trigger: string;
	readonly routes: readonly string[];
}

/** How the subject of an acknowledgement begins. */
export const ACKNOWLEDGED = 'We have your order: ';

const supportRoutes = [
	{ name: 'Urgent', rules: [{ field: 'importance' }] },
	{
		name: 'Orders',
		rules: [{ field: 'attachmentType', value: '.pdf; .docx' }],
		sendAcknowledgement: true,
		acknowledgementSubject: `${ACKNOWLEDGED}{subject}`,
	},
	{
		name: 'Returns',
		match: 'any',
		rules: [
			{ field: 'subject', value: 'return; rückgabe; 返品' },
			{ field: 'recipient', value: RETURNS_ALIAS },
		],
	},
	{ name: 'Partners', rules: [{ field: 'company', value: 'Bücher Müller; Nakamura' }] },
];

const billingRoutes = [
	{
		name: 'Invoices',
		rules: [
			{ field: 'subject', value: 'invoice; rechnung; facture' },
			{ field: 'attachmentType', value: '.pdf' },
		],
	},
];

const partners = [
	{ name: 'Bücher Müller', domains: 'bücher-müller.example' },
	{ name: 'Nakamura', domains: 'nakamura.example' },
];

export const branches: readonly TriggerBranches[] = [
	{ trigger: 'Support Mailbox', routes: supportRoutes.map(({ name }) => name) },
	{ trigger: 'Billing Mailbox', routes: billingRoutes.map(({ name }) => name) },
];

export interface ShopConnectors {
	readonly support: CredentialReference;
	readonly billing: CredentialReference;
}

/** Both mailboxes of the shop, each with its routes; every branch answers in its own words. */
export function toShopWorkflow({ support, billing }: ShopConnectors): Workflow {
	const [supportBranches, billingBranches] = branches;
	if (supportBranches === undefined || billingBranches === undefined)
		throw new Error('No branches');
	const parts = [
		toPart(supportBranches, supportRoutes, partners, support, 0),
		toPart(billingBranches, billingRoutes, [], billing, 900),
	];
	return {
		name: 'Shop mail',
		nodes: parts.flatMap(({ nodes }) => nodes),
		connections: Object.assign({}, ...parts.map(({ connections }) => connections)),
		settings: { executionOrder: 'v1' },
	};
}

function toPart(
	{ trigger, routes }: TriggerBranches,
	rules: ReadonlyArray<(typeof supportRoutes)[number]>,
	companies: typeof partners,
	connector: CredentialReference,
	top: number,
): { nodes: WorkflowNode[]; connections: Connections } {
	const outputs = toOutputs(routes);
	const credentials = { smtpImapApi: connector };
	const start: WorkflowNode = {
		id: trigger,
		name: trigger,
		type: `${PACKAGE}.emailTrigger`,
		typeVersion: 1,
		position: [0, top + (outputs.length - 1) * 80],
		parameters: {
			folder: { __rl: true, mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
			startWith: 'unread',
			routes: { route: rules.map(({ rules: rule, ...route }) => ({ ...route, rules: { rule } })) },
			companies: { company: companies },
			// The broken mail need not be tried for half a minute here.
			options: { attempts: 2 },
		},
		credentials,
	};
	const answers = outputs.map((route, index): WorkflowNode => ({
		id: `${trigger} ${route}`,
		name: toAnswerName(trigger, route),
		type: `${PACKAGE}.sendEmail`,
		typeVersion: 1,
		position: [560, top + index * 160],
		parameters: toAnswer(route),
		credentials,
	}));
	return {
		nodes: [start, ...answers],
		connections: connect(trigger, ...answers.map(({ name }) => [name])),
	};
}

/** Node names are unique in a workflow; both mailboxes have a fallback and an error output. */
function toAnswerName(trigger: string, route: string): string {
	const [mailbox] = trigger.split(' ');
	if (route === FALLBACK) return `Answer Other ${mailbox}`;
	return route === ERROR ? `Answer Broken ${mailbox}` : `Answer ${route}`;
}

/** A reply whose text names the route, so that its reader sees which way the mail went. */
function toAnswer(route: string): WorkflowNode['parameters'] {
	return {
		operation: 'reply',
		text: `=Thank you for your e-mail “{{ $json.subject }}”.\n${answerMark(route)}`,
	};
}

/** The line of an answer that tells its branch. */
export function answerMark(route: string): string {
	return `It has taken the route “${route}”.`;
}
