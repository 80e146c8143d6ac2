import type { IExecuteFunctions } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import {
	overrideMessage,
	overrideSentCopy,
	type SendOptions,
	toRedirectedFrom,
} from '../../mail/outbox';
import type { OutgoingMessage, SendOutcome } from '../../mail/outgoing';
import {
	type GlobalConnector,
	type GlobalConnectorOrigin,
	readGlobalConnector,
} from '../bridge/global-connector';
import { toLog } from '../bridge/log';
import { openOutbox } from '../bridge/outbox';
import { readChosenConnector, readChosenProfile } from './chosen-connector';
import { toSenderError } from './sender-error';

/** Which connector was asked for, and which one sends. */
export interface ConnectorUse {
	readonly asked: string;
	readonly used: string;
	/** Set: all mail of this n8n leaves by one connector, and the administrator has set it there. */
	readonly override?: GlobalConnectorOrigin;
}

/** Everything that the operations of one run need to send. */
export interface Sending {
	/** The one in force; its identity is that of the connector asked for. */
	readonly connector: Connector;
	readonly use: ConnectorUse;
	/** The administrator's, which has been applied to `connector`, and is to what is sent. */
	readonly override?: GlobalConnector;
	/** See `Outbox.send`. The rules of the override are applied. */
	send(message: OutgoingMessage, options?: SendOptions): Promise<SendOutcome>;
	/** The message as the override lets it leave: for messages that are written, and not sent from here. */
	apply(message: OutgoingMessage): OutgoingMessage;
	/** Ends the connections. Never throws. */
	close(): Promise<void>;
}

/**
 * Opens no connection before the first mail. The caller closes it. Throws what `toConnector` and `openOutbox` throw, and
 * `settings.invalid` for a malformed override.
 */
export async function openSending(context: IExecuteFunctions): Promise<Sending> {
	const override = await readGlobalConnector();
	const { connector, use } =
		override === undefined ? await toOwnUse(context) : await toOverriddenUse(context, override);
	const outbox = openOutbox(connector, toLog(context.logger, context.getNode().name));
	const apply = (message: OutgoingMessage) =>
		override === undefined ? message : overrideMessage(message, override);
	return {
		connector,
		use,
		override,
		apply,
		send: async (message, options = {}) => {
			const sentCopy = override && overrideSentCopy(options.sentCopy, override);
			const allowed = apply(message);
			try {
				const outcome = await outbox.send(allowed, override ? { ...options, sentCopy } : options);
				const redirectedFrom = override && toRedirectedFrom(message, override);
				return redirectedFrom === undefined ? outcome : { ...outcome, redirectedFrom };
			} catch (error) {
				throw toSenderError(error, allowed.from, override);
			}
		},
		close: async () => await outbox.close(),
	};
}

interface InForce {
	readonly connector: Connector;
	readonly use: ConnectorUse;
}

async function toOwnUse(context: IExecuteFunctions): Promise<InForce> {
	const connector = await readChosenConnector(context);
	return { connector, use: { asked: connector.name, used: connector.name } };
}

/** Mail is from whom the workflow meant it to be from, unless a rule forbids it: only the way out is another. */
async function toOverriddenUse(
	context: IExecuteFunctions,
	{ connector, origin }: GlobalConnector,
): Promise<InForce> {
	const { name, identity = connector.identity } = await readChosenProfile(context);
	return {
		connector: { ...connector, identity },
		use: { asked: name, used: connector.name, override: origin },
	};
}
