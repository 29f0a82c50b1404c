/** Tells mail programs how this server is reached, so that a person types an address and a password and nothing else. */
package org.posthorn.autoconfig;
