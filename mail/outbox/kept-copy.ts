import type { SentCopyPolicy } from '../connector';
import { isMailError } from '../errors';
import type { SentCopyOutcome } from '../outgoing';
import type { Delivery, Log, MessageKeeper } from '../ports';

/**
 * Sees to the copy of a server that puts what it sends into the Sent folder by itself: it is left there, or taken out.
 * Never throws: the mail is on its way, whatever becomes of the copy.
 *
 * @param name of the connector
 */
export async function settleKeptCopy(
	delivery: Delivery,
	keeper: MessageKeeper,
	policy: SentCopyPolicy,
	{ name, log }: { readonly name: string; readonly log: Log },
): Promise<SentCopyOutcome> {
	if (policy !== 'never') return { status: 'saved', folder: keeper.sentFolder };
	try {
		await keeper.removeSent(delivery);
		return { status: 'skipped', reason: 'Saving to the Sent folder is switched off' };
	} catch (error) {
		const failure = isMailError(error) ? `${error.message}. ${error.remedy}` : 'It is still there';
		log.warn(`${name}: a sent e-mail was not taken out of the Sent folder. ${failure}`);
		return {
			status: 'failed',
			reason: `The server has saved the e-mail to ${keeper.sentFolder}, and it could not be taken out. ${failure}`,
		};
	}
}
