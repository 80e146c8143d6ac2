import type { Directory } from '../directory/directory';
import type { Recipient } from '../mailbox/content';
import type { GraphCall } from './call';
import { recipientOf } from './draft';
import { accessDenied, GraphError } from './graph-error';

/**
 * Who the mail is from, and who sent it. https://learn.microsoft.com/graph/outlook-send-mail-from-other-user: with
 * Send As both are the same, with Send on Behalf the sender is the signed-in user, with neither the mail is refused.
 * An application that signs in for itself needs no such right.
 */
export function findSender(
	{ token, owner }: GraphCall,
	wanted: Recipient | undefined,
	directory: Directory,
): { readonly from: Recipient; readonly sender: Recipient } {
	const from = wanted ?? recipientOf(owner);
	const sender = directory.findUser(from.emailAddress.address);
	if (sender === undefined) throw sendAsDenied();
	if (token.user === undefined || sender === token.user) return { from, sender: from };
	if (owner !== token.user && !owner.fullAccess.has(token.user.address)) throw accessDenied();
	if (sender.sendAs.has(token.user.address)) return { from, sender: from };
	if (sender.sendOnBehalf.has(token.user.address)) {
		return { from, sender: recipientOf(token.user) };
	}
	throw sendAsDenied();
}

function sendAsDenied(): GraphError {
	return new GraphError(
		403,
		'ErrorSendAsDenied',
		'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account., Cannot submit message.',
	);
}
