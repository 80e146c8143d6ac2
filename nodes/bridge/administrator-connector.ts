import * as z from 'zod';
import type { Connector } from '../../mail/connector';
import { toExcerpt } from '../../mail/excerpt';
import { type AdministratorSetting, refuseSetting } from './administrator-setting';
import { FieldError } from './connector-data';
import {
	browserConnectorTypes,
	connectorTypes,
	type ConnectorTypeName,
	isConnectorTypeName,
} from './connector-type';

/** A connector as an administrator has written it down, and what else stood there. */
export interface AdministratorConnector {
	readonly connector: Connector;
	/** The fields that were allowed beside the connector's; those that are there. */
	readonly rules: Readonly<Record<string, unknown>>;
}

/**
 * Reads the JSON of an administrator: the fields of a connector type by their names in n8n's credentials, `type`
 * (default `smtpImapApi`) and `name`. Stricter than a credential: a field that is unknown is a fault, since a slip of the
 * pen would send mail another way than was meant. Throws `settings.invalid` that names place and field, never the value.
 *
 * @param ruleNames fields that are allowed beside the connector's
 */
export function readAdministratorConnector(
	{ place, value }: AdministratorSetting,
	ruleNames: readonly string[],
): AdministratorConnector {
	const parsed = fieldsSchema.safeParse(typeof value === 'string' ? toJson(place, value) : value);
	if (!parsed.success) return refuseSetting(place, 'must be a JSON object, from { to }');
	const { type = 'smtpImapApi', name, ...rest } = parsed.data;
	if (typeof type === 'string' && Object.hasOwn(browserConnectorTypes, type)) {
		return refuseSetting(
			place,
			`type ${type} is connected in a browser by a user, and cannot be written down; use one of ${Object.keys(connectorTypes).join(', ')}`,
		);
	}
	if (!isConnectorTypeName(type)) {
		return refuseSetting(place, `type must be one of ${Object.keys(connectorTypes).join(', ')}`);
	}
	if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
		return refuseSetting(place, 'name must be text');
	}
	const fields: Record<string, unknown> = {};
	const rules: Record<string, unknown> = {};
	for (const [field, given] of Object.entries(rest)) {
		if (ruleNames.includes(field)) rules[field] = given;
		else if (connectorTypes[type].fields.includes(field)) fields[field] = given;
		else refuseSetting(place, `there is no field ${toExcerpt(field)}`);
	}
	return { connector: toSendingConnector(place, type, fields, name), rules };
}

const fieldsSchema = z.record(z.string(), z.unknown());

/** Without the parser's words, which repeat the text. */
function toJson(place: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return refuseSetting(place, 'is not valid JSON');
	}
}

function toSendingConnector(
	place: string,
	type: ConnectorTypeName,
	fields: Readonly<Record<string, unknown>>,
	name: string | undefined,
): Connector {
	const connector = toNamedConnector(place, type, { useFor: toUse(fields), ...fields }, name);
	if (!connector.enabled) {
		return refuseSetting(place, 'enabled must not be false; remove the setting to switch it off');
	}
	if (connector.outgoing === undefined) {
		return refuseSetting(place, 'useFor must be outgoing or both');
	}
	return connector;
}

/** Most are written down for sending alone; the mailbox beside it is for the copies of what was sent. */
function toUse({ emailService = 'other', incomingHost }: Record<string, unknown>): string {
	return emailService !== 'other' || incomingHost !== undefined ? 'both' : 'outgoing';
}

function toNamedConnector(
	place: string,
	type: ConnectorTypeName,
	fields: Readonly<Record<string, unknown>>,
	name: string | undefined,
): Connector {
	try {
		return connectorTypes[type].toConnector(fields, name?.trim());
	} catch (error) {
		const fault =
			error instanceof FieldError
				? `${error.field} ${error.fault}`
				: 'the connector has no readable fields';
		return refuseSetting(place, fault);
	}
}
