package org.posthorn.api.users;

import org.posthorn.api.mail.Address;

/**
 * One who has an account here.
 *
 * @param address names the account
 * @param enabled whether login is allowed; mail is taken all the same
 */
public record User(Address address, boolean enabled) {}
