import { BOUNCED_RECIPIENTS } from '../limits';
import { type BounceAction, type BouncedRecipient, findStatus, toOutcome } from './bounce';
import { type HeaderGroup, readHeaderGroups } from './header-group';
import { toDiagnostic, toReportAddress, toServerName, withoutComments } from './report-value';

export interface DeliveryStatus {
	readonly reportingMta: string;
	readonly recipients: readonly BouncedRecipient[];
	readonly truncated: boolean;
}

const actions: readonly BounceAction[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];

/**
 * Reads a message/delivery-status part (RFC 3464): one group of fields for the mail, one for each recipient. Never throws;
 * a recipient without an address is left out.
 */
export function readDeliveryStatus(text: string): DeliveryStatus {
	let reportingMta = '';
	const recipients: BouncedRecipient[] = [];
	for (const group of readHeaderGroups(text)) {
		// Domino writes the fields of the mail and of its only recipient without an empty line between them.
		reportingMta ||= toServerName(group.get('reporting-mta'));
		const recipient = toRecipient(group);
		if (recipient === undefined) continue;
		if (recipients.length >= BOUNCED_RECIPIENTS) {
			return { reportingMta, recipients, truncated: true };
		}
		recipients.push(recipient);
	}
	return { reportingMta, recipients, truncated: false };
}

function toRecipient(group: HeaderGroup): BouncedRecipient | undefined {
	const original = toReportAddress(group.get('original-recipient'));
	const address = toReportAddress(group.get('final-recipient')) || original;
	if (address === '') return undefined;
	const diagnostic = toDiagnostic(group.get('diagnostic-code'));
	const status = findStatus(group.get('status') ?? '') || findStatus(diagnostic);
	const action = toAction(group.get('action'), status);
	return {
		address,
		originalAddress: original,
		action,
		status,
		outcome: toOutcome(action, status, diagnostic),
		diagnostic,
		remoteMta: toServerName(group.get('remote-mta')),
	};
}

/** What the standard does not know is told by the status. */
function toAction(field: string | undefined, status: string): BounceAction {
	const word = withoutComments(field ?? '').toLowerCase();
	const known = actions.find((action) => action === word);
	return known ?? (status.startsWith('2') ? 'delivered' : 'failed');
}
