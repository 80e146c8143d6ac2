import type { ITriggerFunctions } from 'n8n-workflow';
import { accountKey, type Connector } from '../../mail/connector';
import type { AttachmentStore } from '../../mail/inbox/attachment-store';
import type { IntakeSettings } from '../../mail/inbox/intake';
import type { MessageHead } from '../../mail/message';
import type { Log } from '../../mail/ports';
import type { RoutedBody } from '../../mail/routing/route';
import { createRouter } from '../../mail/routing/router';
import { requireIncoming } from '../bridge/connector';
import { readConnector } from '../bridge/credential-connector';
import { toLog } from '../bridge/log';
import { createAttachmentChooser, createLargeAttachmentChooser } from './attachment-choice';
import type { AttachmentChoice } from './attachment-choice';
import { readSettings, type TriggerSettings } from './settings';

/** Everything that is known before the first connection. */
export interface Preparation {
	readonly settings: TriggerSettings;
	readonly connector: Connector;
	/** See `accountKey`. */
	readonly account: string;
	readonly intake: IntakeSettings;
	readonly log: Log;
}

/** Throws MailError `settings.invalid`, `connector.disabled` or `connector.wrongUse`; opens no connection. */
export async function prepare(context: ITriggerFunctions): Promise<Preparation> {
	const settings = readSettings(context);
	const connector = await readIncomingConnector(context);
	const account = accountKey(requireIncoming(connector));
	return {
		settings,
		connector,
		account,
		intake: toIntakeSettings(context, settings, account),
		log: toLog(context.logger, context.getNode().name),
	};
}

/** The connector as n8n has it now: asked again before each connection. */
export async function readIncomingConnector(context: ITriggerFunctions): Promise<Connector> {
	const connector = await readConnector(context);
	requireIncoming(connector);
	return connector;
}

function toIntakeSettings(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	account: string,
): IntakeSettings {
	const isTest = context.getMode() === 'manual';
	const router = createRouter({ ...settings.routing, isTest });
	const { attachments } = settings;
	return {
		account,
		decide: (head, body) => router.decide(head, body),
		...(isTest && {
			explain: (head: MessageHead, body: RoutedBody) => router.explain(head, body),
		}),
		content: {
			chooseAttachments: createAttachmentChooser(attachments),
			store: attachments.storesLarge ? createStore(context, attachments) : undefined,
			includeSource: settings.includeSource,
			includeText: settings.includeText,
			textCharacters: settings.textCharacters,
		},
	};
}

/** n8n's binary store, in whatever mode it runs. */
function createStore(context: ITriggerFunctions, choice: AttachmentChoice): AttachmentStore {
	return {
		choose: createLargeAttachmentChooser(choice),
		keep: async (content, { fileName, mimeType }) =>
			await context.helpers.prepareBinaryData(content, fileName || undefined, mimeType),
	};
}
