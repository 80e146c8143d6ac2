/*
 * What a page of ours shows and takes: an answer comes from whoever holds the link.
 */

/** More fields than a person would fill in. */
export const FORM_FIELDS = 50;

/** Choices of one drop-down. */
export const FIELD_CHOICES = 500;

/** Characters of a one-line answer, and of one of several lines. */
export const LINE_CHARACTERS = 1_000;
export const TEXT_CHARACTERS = 20_000;

/** Characters of a label, a choice or a button. */
export const LABEL_CHARACTERS = 300;
