/** The HTTP door: Jetty, and behind it the HTTP whiteboard. */
package org.posthorn.http;
