import { parseAddress } from '../../mail/address';
import type { Identity } from '../../mail/connector';
import { isMailError } from '../../mail/errors';
import {
	type ConnectorData,
	type ConnectorField,
	FieldError,
	fieldLabels,
	refuseField,
} from './connector-data';

export type IdentityFields = Pick<
	ConnectorData,
	| 'primaryAddress'
	| 'fromName'
	| 'fromAddress'
	| 'replyTo'
	| 'signatureText'
	| 'signatureHtml'
	| 'description'
>;

/**
 * Who the mail of a connector is from. Throws MailError `settings.invalid` that names the field as the UI does.
 *
 * @param user who signs in; often it is the address
 */
export function toIdentity(fields: IdentityFields, user: string | undefined): Identity {
	const primaryAddress =
		toFieldAddress('primaryAddress', fields.primaryAddress) ??
		toAddressOfUser(user) ??
		refuseField('primaryAddress', 'must be filled, because the user name is not an address');
	const { signatureText: text, signatureHtml: html } = fields;
	return {
		primaryAddress,
		fromName: fields.fromName,
		fromAddress: toFieldAddress('fromAddress', fields.fromAddress) ?? primaryAddress,
		replyTo: toFieldAddress('replyTo', fields.replyTo),
		signature: text === undefined && html === undefined ? undefined : { text, html },
		description: fields.description,
	};
}

/** Throws MailError `settings.invalid` that names the field as the UI does. */
export function toFieldAddress(
	field: ConnectorField,
	value: string | undefined,
): string | undefined {
	if (value === undefined) return undefined;
	try {
		return parseAddress(value, fieldLabels[field]).address;
	} catch (error) {
		return refuseAddress(field, error);
	}
}

/** Gmail: `recent:name@gmail.com` is a way of reading by POP, and no account. */
export function withoutPopMode(user: string): string {
	return user.replace(/^recent:/i, '');
}

function toAddressOfUser(user: string | undefined): string | undefined {
	try {
		return user === undefined ? undefined : toFieldAddress('user', user);
	} catch {
		// A user name need not be an address.
		return undefined;
	}
}

function refuseAddress(field: ConnectorField, error: unknown): never {
	if (!isMailError(error)) return refuseField(field, 'is not an address');
	const { subject, remedy } = error;
	throw new FieldError(field, 'is not an address', { subject, remedy, cause: error });
}
