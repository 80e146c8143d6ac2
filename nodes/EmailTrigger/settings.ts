import type { ITriggerFunctions } from 'n8n-workflow';
import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { StartWith } from '../../mail/inbox/start-with';
import type { Acknowledge, AfterProcessing } from '../../mail/inbox/delivery';
import {
	ATTEMPTS,
	BACKLOG_MESSAGES,
	BATCH_MESSAGES,
	BODY_CHARACTERS,
	EXECUTIONS_IN_FLIGHT,
	INLINE_ATTACHMENT_BYTES,
	TEST_MESSAGES,
} from '../../mail/limits';
import { USUAL_PRIORITY } from '../../mail/routing/router';
import type { Route, RoutingSettings } from '../../mail/routing/route';
import type { AutoReplySettings } from '../../mail/auto-reply/answerer';
import { toDate } from '../bridge/date';
import { createParameterCheck } from '../bridge/parameter';
import { FALLBACK_NAME } from '../bridge/message-item';
import { toCompanies } from './company-list';
import { acknowledgementSchema, toAcknowledgement } from './acknowledgement';
import type { AttachmentChoice } from './attachment-choice';
import { ruleSchema } from './rule-settings';

/** The node's parameters, checked and with every default filled in. */
export interface TriggerSettings {
	readonly folder: string;
	readonly startWith: StartWith;
	readonly acknowledge: Acknowledge;
	readonly afterProcessing: AfterProcessing;
	readonly routing: RoutingSettings;
	/** One per route and one for the fallback; undefined: none is sent. */
	readonly acknowledgements: ReadonlyArray<AutoReplySettings | undefined>;
	readonly attachments: AttachmentChoice;
	readonly includeSource: boolean;
	readonly includeText: boolean;
	readonly messagesPerExecution: number;
	/** Mails that a manual run shows. */
	readonly testMessages: number;
	readonly executionsAtATime: number;
	readonly attempts: number;
	/** Longest text and longest HTML, in characters. */
	readonly textCharacters: number;
}

const text = z.string().default('');
const route = z.object({
	name: text,
	enabled: z.boolean().default(true),
	priority: z.number().default(USUAL_PRIORITY),
	runsIn: z.enum(['both', 'live', 'test']).default('both'),
	recipientAddress: text,
	match: z.enum(['all', 'any']).default('all'),
	rules: z.object({ rule: z.array(ruleSchema).default([]) }).default({ rule: [] }),
	...acknowledgementSchema.shape,
});

const company = z.object({ name: text, domains: text, addresses: text });

const shape = {
	folder: z.string().trim().min(1),
	startWith: z.enum(['new', 'unread', 'since', 'all']),
	/** ISO 8601, without an offset in the workflow's time zone; or luxon's DateTime from an expression. */
	since: z.unknown(),
	afterProcessing: z.enum(['markRead', 'flag', 'keyword', 'move', 'delete', 'nothing']),
	keyword: text,
	targetFolder: z.string().trim().default(''),
	routes: z.object({ route: z.array(route).default([]) }),
	routingMode: z.enum(['first', 'every']),
	fallback: z.object({ acknowledgement: acknowledgementSchema.optional() }),
	companies: z.object({ company: z.array(company).default([]) }),
	/** Text, or what an expression gives: see `toCompanies`. */
	companiesJson: z.unknown(),
	options: z.object({
		acknowledge: z.enum(['stored', 'finished', 'succeeded']).default('finished'),
		attachments: z.enum(['files', 'all', 'none']).default('files'),
		attachmentLimitKb: z
			.number()
			.positive()
			.max(8192)
			.default(INLINE_ATTACHMENT_BYTES / 1024),
		attachmentTypes: text,
		largeAttachments: z.enum(['leave', 'store']).default('leave'),
		attempts: z.number().int().min(1).max(10).default(ATTEMPTS),
		emailsPerExecution: z.enum(['automatic', 'one', 'limited']).default('automatic'),
		mostEmailsPerExecution: z.number().int().min(1).max(BACKLOG_MESSAGES).default(BATCH_MESSAGES),
		executionsAtATime: z.number().int().min(1).max(50).default(EXECUTIONS_IN_FLIGHT),
		includeRaw: z.boolean().default(false),
		includeText: z.boolean().default(true),
		testEmails: z.number().int().min(1).max(TEST_MESSAGES).default(1),
		trustedServers: text,
		textLimitKb: z
			.number()
			.positive()
			.max(BODY_CHARACTERS / 1024)
			.default(BODY_CHARACTERS / 1024),
	}),
};

const check = createParameterCheck(shape, {
	folder: 'Folder',
	startWith: 'Start With',
	since: 'Since',
	afterProcessing: 'After Processing',
	keyword: 'Keyword',
	targetFolder: 'Target Folder',
	routes: 'Routes',
	routingMode: 'Route To',
	fallback: 'Fallback',
	companies: 'Companies',
	companiesJson: 'Companies From JSON',
	options: 'Options',
});

/** Throws MailError `settings.invalid`, which names the parameter as the editor calls it. */
export function readSettings(
	context: Pick<ITriggerFunctions, 'getNodeParameter' | 'getTimezone'>,
): TriggerSettings {
	const read = <Name extends keyof typeof shape>(
		name: Name,
		fallback?: unknown,
		options?: { extractValue: boolean },
	) => check(name, context.getNodeParameter(name, fallback, options));

	const options = read('options', {});
	const routes = read('routes', {}).route;
	const fallback = read('fallback', {}).acknowledgement;
	return {
		folder: read('folder', 'INBOX', { extractValue: true }),
		startWith: toStartWith(read('startWith', 'new'), () =>
			toSince(read('since', ''), context.getTimezone()),
		),
		acknowledge: options.acknowledge,
		afterProcessing: toAfterProcessing(read('afterProcessing', 'markRead'), {
			keyword: () => toKeyword(read('keyword', '')),
			folder: () => toTargetFolder(read('targetFolder', '', { extractValue: true })),
		}),
		routing: {
			routes: routes.map(
				({ name, enabled, runsIn, priority, recipientAddress, match, rules }): Route => ({
					name,
					enabled,
					runsIn,
					priority,
					recipientAddress,
					match,
					rules: rules.rule,
				}),
			),
			companies: [
				...read('companies', {}).company,
				...toCompanies(
					read('companiesJson', ''),
					context.getNodeParameter('companiesJson', '', { rawExpressions: true }),
				),
			],
			mode: read('routingMode', 'first'),
			trustedServers: options.trustedServers
				.split(';')
				.map((name) => name.trim())
				.filter(Boolean),
		},
		acknowledgements: [
			...routes.map((each) => toAcknowledgement(each, each.name)),
			fallback && toAcknowledgement(fallback, FALLBACK_NAME),
		],
		attachments: {
			kind: options.attachments,
			types: options.attachmentTypes,
			limitBytes: Math.round(options.attachmentLimitKb * 1024),
			storesLarge: options.largeAttachments === 'store',
		},
		includeSource: options.includeRaw,
		includeText: options.includeText,
		messagesPerExecution: toMessagesPerExecution(options),
		testMessages: options.testEmails,
		executionsAtATime: options.executionsAtATime,
		attempts: options.attempts,
		textCharacters: Math.round(options.textLimitKb * 1024),
	};
}

function toMessagesPerExecution(options: {
	readonly emailsPerExecution: 'automatic' | 'one' | 'limited';
	readonly mostEmailsPerExecution: number;
}): number {
	switch (options.emailsPerExecution) {
		case 'automatic':
			return BACKLOG_MESSAGES;
		case 'one':
			return 1;
		case 'limited':
			return options.mostEmailsPerExecution;
	}
}

function toAfterProcessing(
	kind: AfterProcessing['kind'],
	details: { readonly keyword: () => string; readonly folder: () => string },
): AfterProcessing {
	switch (kind) {
		case 'keyword':
			return { kind, keyword: details.keyword() };
		case 'move':
			return { kind, folder: details.folder() };
		case 'markRead':
		case 'flag':
		case 'delete':
		case 'nothing':
			return { kind };
	}
}

/** RFC 9051, section 9: a flag-keyword is an atom. */
function toKeyword(value: string): string {
	const keyword = value.trim();
	if (/^[^\u0000-\u0020\u007f-\uffff(){%*"\\\]]+$/.test(keyword)) return keyword;
	throw new MailError('settings.invalid', {
		subject: 'Keyword: must be one word of plain letters, digits and signs such as $ - _',
	});
}

function toTargetFolder(folder: string): string {
	if (folder !== '') return folder;
	throw new MailError('settings.invalid', { subject: 'Target Folder: must be filled' });
}

function toStartWith(kind: StartWith['kind'], readSince: () => Date): StartWith {
	return kind === 'since' ? { kind, date: readSince() } : { kind };
}

function toSince(value: unknown, zone: string): Date {
	const date = toDate(value, zone);
	if (date !== undefined) return date;
	throw new MailError('settings.invalid', { subject: 'Since: no valid date is given' });
}
