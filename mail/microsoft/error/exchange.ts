import { type ExchangeFault, exchangeMailboxFaults, exchangeSmtpFaults } from './exchange-table';

/**
 * The row for an SMTP answer that Exchange Online is known for.
 * @param status enhanced status: `5.7.139`
 * @param reply the whole answer
 */
export function findExchangeSmtpFault(status: string, reply: string): ExchangeFault | undefined {
	return exchangeSmtpFaults.find(
		({ statuses, phrase }) =>
			statuses?.includes(status) === true && (phrase === undefined || phrase.test(reply)),
	);
}

/**
 * The row for an answer by IMAP or POP3 that Exchange Online is known for.
 * @param words without tag and status: `AUTHENTICATE failed.`
 */
export function findExchangeMailboxFault(words: string): ExchangeFault | undefined {
	// XOAUTH2 explains its refusal in a challenge, whose status the drivers put behind the words.
	const own = words.replace(/ \(status [^()]*\)$/, '').trim();
	return exchangeMailboxFaults.find(({ phrase }) => phrase?.test(own));
}
